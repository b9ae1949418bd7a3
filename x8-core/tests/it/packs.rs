//! O1: from a wish in pieces to packs.

use proptest::{collection::vec, prelude::*};
use x8_core::{
    Money,
    cart::{PackPlan, plan_packs},
    catalog::{Kind, Offering},
    order::CartLine,
};

/// A plan as text, over rows named by size and place (`10a`, `10b` when sizes repeat).
fn plan(pieces: u32, sizes: &[u32]) -> String {
    match planned(pieces, sizes) {
        None => "none".to_owned(),
        Some(PackPlan::Exact(lines)) => words(&lines),
        Some(PackPlan::Covers { lines, pieces }) => format!("{} holds {pieces}", words(&lines)),
        Some(PackPlan::Ambiguous(readings)) => {
            let readings: Vec<String> = readings.iter().map(|lines| words(lines)).collect();
            format!("{}?", readings.join(" or "))
        }
    }
}

fn planned(pieces: u32, sizes: &[u32]) -> Option<PackPlan> {
    let rows: Vec<Offering> = sizes
        .iter()
        .enumerate()
        .map(|(index, size)| {
            Offering::new(
                name(sizes, index, *size),
                Kind::Product,
                "Roses",
                Money::eur(1_00),
            )
        })
        .collect();
    let rows: Vec<(&Offering, u32)> = rows.iter().zip(sizes.iter().copied()).collect();
    plan_packs(pieces, &rows)
}

fn name(sizes: &[u32], index: usize, size: u32) -> String {
    let letter = ["", "b", "c", "d", "e", "f"];
    let before = sizes
        .iter()
        .take(index)
        .filter(|other| **other == size)
        .count();
    format!("{size}{}", letter.get(before).copied().unwrap_or("z"))
}

fn words(lines: &[CartLine]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("{}×{}", line.quantity, line.sku))
        .collect();
    lines.join("+")
}

#[test]
fn o1_twenty_roses_are_two_bouquets_of_ten() {
    assert_eq!(plan(20, &[10]), "2×10");
    assert_eq!(plan(10, &[10]), "1×10");
}

#[test]
fn o1_several_exact_readings_are_one_question_fewest_packs_first() {
    assert_eq!(plan(20, &[10, 20]), "1×20 or 2×10?");
    assert_eq!(plan(20, &[1, 10, 20]), "1×20 or 2×10 or 20×1?");
    assert_eq!(
        plan(20, &[1, 5, 10, 20]),
        "1×20 or 2×10 or 4×5?",
        "single stems stay out of the question"
    );
}

#[test]
fn o1_a_mix_is_offered_when_it_takes_fewer_packs() {
    assert_eq!(
        plan(25, &[10, 20, 1]),
        "1×20+5×1 or 25×1?",
        "nobody gets 25 single stems without being asked"
    );
    assert_eq!(plan(30, &[10, 20]), "1×10+1×20 or 3×10?");
    assert_eq!(plan(25, &[10, 15]), "1×10+1×15", "the only exact way");
    assert_eq!(plan(7, &[3, 4]), "1×3+1×4");
}

#[test]
fn o1_a_choice_between_goods_is_the_customers() {
    assert_eq!(plan(20, &[10, 10]), "2×10 or 2×10b?");
    assert_eq!(plan(25, &[10, 10, 15]), "1×10+1×15 or 1×10b+1×15?");
    assert_eq!(
        plan(10, &[10, 10, 10, 10, 10]),
        "1×10 or 1×10b or 1×10c?",
        "at most three"
    );
}

#[test]
fn o1_without_an_exact_fit_the_smallest_cover_is_proposed() {
    assert_eq!(plan(25, &[10]), "3×10 holds 30");
    assert_eq!(plan(25, &[10, 20]), "1×10+1×20 holds 30");
    assert_eq!(plan(11, &[10, 12]), "1×12 holds 12");
    assert_eq!(plan(3, &[10, 20]), "1×10 holds 10");
    assert_eq!(plan(1, &[7, 5]), "1×5 holds 5");
}

#[test]
fn o1_wishes_beyond_reason_are_not_planned() {
    assert_eq!(plan(0, &[10]), "none");
    assert_eq!(plan(5, &[]), "none");
    assert_eq!(plan(5, &[0]), "none");
    assert_eq!(plan(10_001, &[10]), "none");
    assert_eq!(plan(10_000, &[10]), "1000×10");
    assert_eq!(plan(u32::MAX, &[u32::MAX]), "none");
}

#[test]
fn o1_absurd_pack_sizes_cost_nothing() {
    assert_eq!(plan(20, &[u32::MAX, 10]), "2×10");
    assert_eq!(plan(20, &[u32::MAX]), format!("1×{0} holds {0}", u32::MAX));
}

/// `(surplus, packs)` of the best set, by trying everything.
fn best_by_force(pieces: u32, sizes: &[u32]) -> Option<(u32, u32)> {
    let Some((size, others)) = sizes.split_first() else {
        return (pieces == 0).then_some((0, 0));
    };
    let most = pieces / size + 1;
    (0..=most)
        .filter_map(|count| {
            let held = count * size;
            let (surplus, packs) = if held >= pieces {
                Some((held - pieces, 0))
            } else {
                best_by_force(pieces - held, others)
            }?;
            Some((surplus, packs + count))
        })
        .min()
}

fn held(lines: &[CartLine], sizes: &[u32]) -> (u32, u32) {
    let mut pieces = 0;
    let mut packs = 0;
    for line in lines {
        let size = sizes
            .iter()
            .enumerate()
            .find(|(index, size)| name(sizes, *index, **size) == line.sku.as_str());
        pieces += line.quantity * size.map_or(0, |(_, size)| *size);
        packs += line.quantity;
    }
    (pieces, packs)
}

proptest! {
    #[test]
    fn o1_every_plan_is_as_small_as_brute_force_finds(pieces in 1_u32..60, sizes in vec(1_u32..25, 1..5)) {
        let (surplus, packs) = best_by_force(pieces, &sizes).unwrap();
        match planned(pieces, &sizes).unwrap() {
            PackPlan::Covers { lines, pieces: told } => {
                prop_assert_eq!(held(&lines, &sizes), (pieces + surplus, packs));
                prop_assert_eq!(told, pieces + surplus);
                prop_assert!(surplus > 0);
            }
            PackPlan::Exact(lines) => {
                prop_assert_eq!(held(&lines, &sizes), (pieces, packs));
                prop_assert_eq!(surplus, 0);
            }
            PackPlan::Ambiguous(readings) => {
                prop_assert_eq!(surplus, 0);
                prop_assert!((2..=3).contains(&readings.len()));
                let counts: Vec<u32> = readings.iter().map(|lines| held(lines, &sizes).1).collect();
                prop_assert!(counts.is_sorted(), "fewest packs first");
                prop_assert_eq!(counts[0], packs);
                for (index, reading) in readings.iter().enumerate() {
                    prop_assert_eq!(held(reading, &sizes).0, pieces, "every reading is exact");
                    prop_assert!(!readings[..index].contains(reading), "no reading twice");
                }
            }
        }
    }
}
