//! O1: from "20 roses" to packs.

use crate::{catalog::Offering, id::Sku, order::CartLine};

/// More readings than this are no question but a list.
const MOST_READINGS: usize = 3;

/// What to make of a wish counted in inner pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackPlan {
    /// One reading fits exactly.
    Exact(Vec<CartLine>),
    /// Nothing fits exactly: the smallest set of packs that covers the wish; to be proposed, not assumed.
    Covers {
        /// The set.
        lines: Vec<CartLine>,
        /// Pieces it holds.
        pieces: u32,
    },
    /// Two or three exact readings, fewest packs first: ask one question.
    Ambiguous(Vec<Vec<CartLine>>),
}

/// Plans packs for `pieces` inner pieces out of rows with known pack sizes.
///
/// The exact readings are the mix with the fewest packs (and its equals) and every single row that fits, fewest packs
/// first and at most three: twenty single stems stay out of the question once three smaller readings are there. One
/// reading is exact; several are one question. With none, the smallest covering set wins: fewest surplus pieces, then
/// fewest packs. Returns `None` without rows, for a wish of zero, or beyond 10,000 pieces.
///
/// ```
/// use x8_core::{Money, cart::{PackPlan, plan_packs}, catalog::{Kind, Offering}};
/// let ten = Offering::new("10", Kind::Product, "Bouquet of 10", Money::eur(29_90));
/// let twenty = Offering::new("20", Kind::Product, "Bouquet of 20", Money::eur(54_50));
/// let rows = [(&ten, 10), (&twenty, 20)];
/// assert!(matches!(plan_packs(30, &rows), Some(PackPlan::Ambiguous(readings)) if readings.len() == 2), "20+10 or 3×10");
/// assert!(matches!(plan_packs(25, &rows), Some(PackPlan::Covers { pieces: 30, .. })));
/// ```
#[must_use]
pub fn plan_packs(pieces: u32, rows: &[(&Offering, u32)]) -> Option<PackPlan> {
    let rows: Vec<(&Sku, u32)> = rows
        .iter()
        .filter(|(_, size)| *size > 0)
        .map(|(row, size)| (&row.sku, *size))
        .collect();
    if rows.is_empty() || pieces == 0 || pieces > 10_000 {
        return None;
    }
    let (lines, held) = smallest_cover(pieces, &rows)?;
    if held != pieces {
        return Some(PackPlan::Covers {
            lines,
            pieces: held,
        });
    }
    let mut readings = exact_readings(pieces, &rows, lines);
    Some(if readings.len() > 1 {
        PackPlan::Ambiguous(readings)
    } else {
        PackPlan::Exact(readings.pop()?)
    })
}

/// The best mix, its equals and the single rows that fit, fewest packs first; of equal ones, catalogue order.
fn exact_readings(pieces: u32, rows: &[(&Sku, u32)], best: Vec<CartLine>) -> Vec<Vec<CartLine>> {
    let fewest = packs(&best);
    let single = rows
        .iter()
        .filter(|(_, size)| pieces.is_multiple_of(*size))
        .map(|(sku, size)| {
            vec![CartLine {
                sku: (*sku).clone(),
                quantity: pieces / size,
            }]
        });
    let mut readings: Vec<Vec<CartLine>> = single.collect();
    // A mix is a reading of its own only when no single row does it with as few packs.
    if readings.iter().all(|reading| packs(reading) > fewest) {
        let equals = equals(pieces, rows, &best);
        readings.push(best);
        readings.extend(equals);
    }
    // Stable: of equally many packs, what was found first stays first.
    readings.sort_by_key(|reading| packs(reading));
    let mut distinct: Vec<Vec<CartLine>> = Vec::new();
    for reading in readings {
        if distinct.len() < MOST_READINGS && !distinct.contains(&reading) {
            distinct.push(reading);
        }
    }
    distinct
}

/// Mixes as small as the best one that do without one of its rows: a choice between goods is the customer's.
fn equals(pieces: u32, rows: &[(&Sku, u32)], best: &[CartLine]) -> Vec<Vec<CartLine>> {
    best.iter()
        .filter_map(|used| {
            let others: Vec<(&Sku, u32)> = rows
                .iter()
                .copied()
                .filter(|(sku, _)| **sku != used.sku)
                .collect();
            let (lines, held) = smallest_cover(pieces, &others)?;
            (held == pieces && packs(&lines) == packs(best)).then_some(lines)
        })
        .collect()
}

fn packs(lines: &[CartLine]) -> u32 {
    lines
        .iter()
        .fold(0, |sum, line| sum.saturating_add(line.quantity))
}

/// Fewest surplus pieces, then fewest packs: an unbounded knapsack over piece counts.
fn smallest_cover(pieces: u32, rows: &[(&Sku, u32)]) -> Option<(Vec<CartLine>, u32)> {
    let (smallest_sku, smallest) = rows.iter().min_by_key(|(_, size)| *size)?;
    if *smallest >= pieces {
        let line = CartLine {
            sku: (*smallest_sku).clone(),
            quantity: 1,
        };
        return Some((vec![line], *smallest));
    }
    // Packs of the smallest size alone cover the wish with less surplus than one of them holds.
    let top = usize::try_from(pieces.checked_add(*smallest)?).ok()?;
    // fewest[n]: packs needed to hold exactly n pieces, and the row of the last pack.
    let mut fewest: Vec<Option<(u32, usize)>> = vec![None; top + 1];
    *fewest.first_mut()? = Some((0, 0));
    for held in 1..=top {
        let best = rows.iter().enumerate().filter_map(|(index, (_, size))| {
            let rest = held.checked_sub(usize::try_from(*size).ok()?)?;
            fewest
                .get(rest)
                .copied()
                .flatten()
                .map(|(packs, _)| (packs + 1, index))
        });
        let best = best.min();
        *fewest.get_mut(held)? = best;
    }
    let wanted = usize::try_from(pieces).ok()?;
    let held = (wanted..=top).find(|count| fewest.get(*count).copied().flatten().is_some())?;
    let mut counts = vec![0_u32; rows.len()];
    let mut left = held;
    while left > 0 {
        let (_, index) = fewest.get(left).copied().flatten()?;
        *counts.get_mut(index)? += 1;
        left = left.checked_sub(usize::try_from(rows.get(index)?.1).ok()?)?;
    }
    let lines = rows
        .iter()
        .zip(&counts)
        .filter(|(_, count)| **count > 0)
        .map(|((sku, _), count)| CartLine {
            sku: (*sku).clone(),
            quantity: *count,
        })
        .collect();
    Some((lines, u32::try_from(held).ok()?))
}
