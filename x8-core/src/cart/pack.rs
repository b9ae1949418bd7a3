//! O1: from "20 roses" to packs.

use crate::{catalog::Offering, id::Sku, order::CartLine};

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
    /// Several exact readings: ask one question.
    Ambiguous(Vec<Vec<CartLine>>),
}

/// Plans packs for `pieces` inner pieces out of rows with known pack sizes.
///
/// Exact single-row fits are the readings ("20 roses" with bouquets of 10 and of 20: two of one, or one of the other, so
/// one question is asked). With none, the smallest covering set wins: fewest surplus pieces, then fewest packs.
/// Returns `None` without rows, for a wish of zero, or beyond 10,000 pieces.
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
    let mut exact: Vec<Vec<CartLine>> = rows
        .iter()
        .filter(|(_, size)| pieces.is_multiple_of(*size))
        .map(|(sku, size)| {
            vec![CartLine {
                sku: (*sku).clone(),
                quantity: pieces / size,
            }]
        })
        .collect();
    if exact.len() > 1 {
        return Some(PackPlan::Ambiguous(exact));
    }
    if let Some(lines) = exact.pop() {
        return Some(PackPlan::Exact(lines));
    }
    let (lines, held) = smallest_cover(pieces, &rows)?;
    Some(if held == pieces {
        PackPlan::Exact(lines)
    } else {
        PackPlan::Covers {
            lines,
            pieces: held,
        }
    })
}

/// Fewest surplus pieces, then fewest packs: an unbounded knapsack over piece counts.
fn smallest_cover(pieces: u32, rows: &[(&Sku, u32)]) -> Option<(Vec<CartLine>, u32)> {
    let largest = rows.iter().map(|(_, size)| *size).max()?;
    let top = usize::try_from(pieces.checked_add(largest)?).ok()?;
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
