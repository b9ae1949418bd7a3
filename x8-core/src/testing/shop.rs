//! A large catalogue for measurements.

use crate::{
    catalog::{Areas, Fee, Kind, Offering},
    money::Money,
};

const KINDS: [&str; 10] = [
    "leather bag",
    "glass lamp",
    "oak table",
    "wool scarf",
    "steel knife",
    "paper notebook",
    "cotton shirt",
    "clay vase",
    "silver ring",
    "bouquet of 10 roses",
];
const COLOURS: [&str; 10] = [
    "red", "blue", "green", "white", "black", "yellow", "violet", "orange", "grey", "brown",
];
const STYLES: [&str; 10] = [
    "classic", "modern", "rustic", "festive", "light", "heavy", "small", "large", "soft", "fine",
];

/// Rows whose names share many words, as a department store has them; the same number gives the same rows.
#[must_use]
pub fn department_store(rows: usize) -> Vec<Offering> {
    (0..rows).map(row).collect()
}

fn row(at: usize) -> Offering {
    let pick = |list: &[&'static str; 10], at: usize| list.get(at % 10).copied().unwrap_or("plain");
    let (kind, colour, style) = (
        pick(&KINDS, at),
        pick(&COLOURS, at / 10),
        pick(&STYLES, at / 100),
    );
    let name = format!("{style} {colour} {kind} series {}{}", at / 1_000, at % 7);
    let price = 900 + i64::try_from(at).unwrap_or(0) * 7 % 90_000;
    let mut row = Offering::new(
        format!("{}", 10_000 + at),
        Kind::Product,
        name,
        Money::eur(price),
    );
    row.description = format!("A {colour} {kind} for home, garden and gifts. Made by hand.").into();
    row.category = Some(format!("{style} goods"));
    row.tags = vec![colour.to_owned(), "gift".to_owned()];
    row.areas = Areas::parse("Madrid, Barcelona, Valencia, Bilbao").unwrap_or_default();
    row.fee = Some(Fee {
        amount: Money::eur(5_00),
        free_from: Some(Money::eur(80_00)),
    });
    row
}
