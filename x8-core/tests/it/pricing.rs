//! O5–O7: what a cart costs.

use proptest::{collection::vec, option, prelude::*};
use x8_core::{
    Currency, Money, MoneyError, Sku,
    cart::{CartRefusal, Priced, price},
    catalog::{Catalog, Fee, Kind, Offering, Stock},
    order::CartLine,
};

fn row(sku: &str, cents: i64, fee: Option<(i64, Option<i64>)>) -> Offering {
    let mut row = Offering::new(sku, Kind::Product, sku, Money::eur(cents));
    row.fee = fee.map(|(amount, free_from)| Fee {
        amount: Money::eur(amount),
        free_from: free_from.map(Money::eur),
    });
    row
}

fn cart(lines: &[(&str, u32)]) -> Vec<CartLine> {
    lines
        .iter()
        .map(|(sku, quantity)| CartLine {
            sku: (*sku).into(),
            quantity: *quantity,
        })
        .collect()
}

fn priced(rows: Vec<Offering>, lines: &[(&str, u32)]) -> Result<Priced, CartRefusal> {
    price(&Catalog::detached(rows), &cart(lines), true)
}

/// `(products, delivery, total, free_delivery)` in cents.
fn sums(rows: Vec<Offering>, lines: &[(&str, u32)]) -> Result<(i64, i64, i64, bool), CartRefusal> {
    let totals = priced(rows, lines)?.totals;
    Ok((
        totals.products.minor(),
        totals.delivery.minor(),
        totals.total.minor(),
        totals.free_delivery,
    ))
}

#[test]
fn o5_delivery_is_charged_once_and_waived_at_the_threshold() {
    let rose = || vec![row("201", 29_90, Some((5_00, Some(80_00))))];
    assert_eq!(sums(rose(), &[("201", 1)]), Ok((29_90, 5_00, 34_90, false)));
    assert_eq!(sums(rose(), &[("201", 2)]), Ok((59_80, 5_00, 64_80, false)));
    assert_eq!(sums(rose(), &[("201", 3)]), Ok((89_70, 0, 89_70, true)));
    let exact = vec![row("a", 40_00, Some((5_00, Some(80_00))))];
    assert_eq!(
        sums(exact, &[("a", 2)]),
        Ok((80_00, 0, 80_00, true)),
        "at the threshold itself"
    );
}

#[test]
fn o5_when_items_differ_the_highest_fee_and_the_highest_threshold_apply() {
    let rows = || {
        vec![
            row("a", 50_00, Some((5_00, Some(80_00)))),
            row("b", 60_00, Some((12_00, Some(15_000)))),
        ]
    };
    assert_eq!(
        sums(rows(), &[("a", 1), ("b", 1)]),
        Ok((11_000, 12_00, 12_200, false))
    );
    assert_eq!(
        sums(rows(), &[("a", 2), ("b", 1)]),
        Ok((16_000, 0, 16_000, true))
    );
}

#[test]
fn o5_a_row_that_charges_without_a_threshold_is_never_free() {
    let rows = || {
        vec![
            row("a", 50_00, Some((5_00, Some(80_00)))),
            row("b", 60_00, Some((12_00, None))),
        ]
    };
    assert_eq!(sums(rows(), &[("a", 2)]), Ok((10_000, 0, 10_000, true)));
    assert_eq!(
        sums(rows(), &[("a", 20), ("b", 1)]),
        Ok((106_000, 12_00, 107_200, false))
    );
    let free_of_charge = vec![
        row("a", 50_00, Some((5_00, Some(80_00)))),
        row("c", 60_00, Some((0, None))),
    ];
    assert_eq!(
        sums(free_of_charge, &[("a", 1), ("c", 1)]),
        Ok((11_000, 0, 11_000, true)),
        "nothing to waive there"
    );
}

#[test]
fn o5_an_online_order_has_no_travel_fee() {
    let catalog = Catalog::detached(vec![row("a", 50_00, Some((5_00, None)))]);
    let totals = price(&catalog, &cart(&[("a", 1)]), false).unwrap().totals;
    assert_eq!(
        (totals.delivery, totals.total, totals.free_delivery),
        (Money::eur(0), Money::eur(50_00), false)
    );
}

#[test]
fn o7_free_is_a_total_of_nothing_and_delivery_alone_is_not_free() {
    assert_eq!(
        sums(vec![row("a", 0, None)], &[("a", 3)]),
        Ok((0, 0, 0, false))
    );
    assert_eq!(
        sums(vec![row("a", 0, Some((5_00, Some(80_00))))], &[("a", 3)]),
        Ok((0, 5_00, 5_00, false))
    );
    let mixed = vec![row("a", 0, None), row("b", 10_00, None)];
    assert_eq!(
        sums(mixed, &[("a", 1), ("b", 1)]),
        Ok((10_00, 0, 10_00, false))
    );
}

#[test]
fn o6_stock_counts_all_lines_of_a_key_and_is_never_told() {
    let mut rose = row("201", 10_00, None);
    rose.stock = Some(Stock::new(7));
    let refusal = priced(vec![rose.clone()], &[("201", 4), ("201", 4)]).unwrap_err();
    assert_eq!(refusal, CartRefusal::NotEnough(Sku::from("201")));
    assert!(!refusal.to_string().contains('7') && !format!("{refusal:?}").contains('7'));
    assert_eq!(
        sums(vec![rose], &[("201", 3), ("201", 4)]),
        Ok((70_00, 0, 70_00, false))
    );
}

#[test]
fn o1_equal_keys_are_one_line_in_first_named_order() {
    let rows = vec![row("a", 1_00, None), row("b", 2_00, None)];
    let lines = priced(rows, &[("b", 1), ("a", 2), ("b", 3)]).unwrap().lines;
    let seen: Vec<(&str, u32)> = lines
        .iter()
        .map(|line| (line.sku.as_str(), line.quantity))
        .collect();
    assert_eq!(seen, [("b", 4), ("a", 2)]);
}

#[test]
fn g5_what_cannot_be_priced_is_refused_by_name() {
    let rows = || vec![row("a", 1_00, None)];
    assert_eq!(priced(rows(), &[]), Err(CartRefusal::Empty));
    assert_eq!(
        priced(rows(), &[("a", 1), ("z", 1)]),
        Err(CartRefusal::UnknownSku("z".into()))
    );
    assert_eq!(
        priced(rows(), &[("a", 0)]),
        Err(CartRefusal::NoQuantity("a".into()))
    );
}

#[test]
fn o5_sums_that_do_not_fit_are_refused_and_never_wrapped_or_cut() {
    let overflow = Err(CartRefusal::Money(MoneyError::Overflow));
    assert_eq!(
        priced(vec![row("a", i64::MAX, None)], &[("a", 2)]),
        overflow
    );
    assert_eq!(
        priced(vec![row("a", i64::MAX, Some((1, None)))], &[("a", 1)]),
        overflow
    );
    assert_eq!(
        priced(vec![row("a", 1, None)], &[("a", u32::MAX), ("a", 1)]),
        overflow,
        "the quantity itself"
    );
}

#[test]
fn p14_two_currencies_never_meet() {
    let mut dollars = row("b", 1_00, None);
    dollars.price = Money::new(1_00, Currency::USD);
    let refusal = priced(
        vec![row("a", 1_00, None), dollars.clone()],
        &[("a", 1), ("b", 1)],
    )
    .unwrap_err();
    assert!(
        matches!(refusal, CartRefusal::Money(MoneyError::Mixed(..))),
        "{refusal}"
    );
    dollars.fee = Some(Fee {
        amount: Money::eur(1_00),
        free_from: None,
    });
    assert!(matches!(
        priced(vec![dollars], &[("b", 1)]),
        Err(CartRefusal::Money(MoneyError::Mixed(..)))
    ));
}

#[test]
fn o14_the_shortest_reminder_of_the_rows_counts() {
    let (mut a, mut b) = (row("a", 1_00, None), row("b", 1_00, None));
    (a.reminder_hours, b.reminder_hours) = (Some(6), Some(3));
    let rows = vec![a, b, row("c", 1_00, None)];
    assert_eq!(
        priced(rows.clone(), &[("a", 1), ("b", 1), ("c", 1)])
            .unwrap()
            .reminder_hours,
        Some(3)
    );
    assert_eq!(priced(rows, &[("c", 1)]).unwrap().reminder_hours, None);
}

type Row = (i64, u32, Option<(i64, Option<i64>)>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let fee = option::of((0_i64..3_000, option::of(0_i64..20_000)));
    vec((0_i64..50_000, 1_u32..20, fee), 1..6)
}

/// The sums of generated rows, each under its own key, with every quantity multiplied.
fn total(rows: &[Row], times: u32) -> Result<(i64, i64, i64, bool), CartRefusal> {
    let keys: Vec<String> = (0..rows.len()).map(|index| index.to_string()).collect();
    let offerings = rows
        .iter()
        .zip(&keys)
        .map(|((cents, _, fee), key)| row(key, *cents, *fee))
        .collect();
    let lines: Vec<(&str, u32)> = rows
        .iter()
        .zip(&keys)
        .map(|((_, quantity, _), key)| (key.as_str(), quantity.saturating_mul(times)))
        .collect();
    sums(offerings, &lines)
}

proptest! {
    #[test]
    fn o5_the_total_is_products_plus_one_delivery(rows in rows()) {
        let (products, delivery, total, free) = total(&rows, 1).unwrap();
        let sum: i64 = rows.iter().map(|(cents, quantity, _)| cents * i64::from(*quantity)).sum();
        let highest = rows.iter().filter_map(|(_, _, fee)| fee.map(|(amount, _)| amount)).max().unwrap_or(0);
        prop_assert_eq!(products, sum);
        prop_assert_eq!(total, products + delivery);
        prop_assert!(delivery == 0 || delivery == highest, "never added up, never negative");
        prop_assert_eq!(free, delivery == 0 && highest > 0);
    }

    #[test]
    fn o5_delivery_is_waived_exactly_from_the_highest_threshold(rows in rows()) {
        let (products, _, _, free) = total(&rows, 1).unwrap();
        let fees: Vec<(i64, Option<i64>)> = rows.iter().filter_map(|(_, _, fee)| *fee).collect();
        let charged = fees.iter().any(|(amount, _)| *amount > 0);
        let never = fees.iter().any(|(amount, from)| *amount > 0 && from.is_none());
        let highest = fees.iter().filter_map(|(_, from)| *from).max();
        let expected = charged && !never && highest.is_some_and(|from| products >= from);
        prop_assert_eq!(free, expected);
    }

    #[test]
    fn o5_buying_more_never_brings_delivery_back(rows in rows(), times in 2_u32..5) {
        let (_, one, _, _) = total(&rows, 1).unwrap();
        let (_, more, _, _) = total(&rows, times).unwrap();
        prop_assert!(more <= one);
    }

    #[test]
    fn o5_the_order_of_lines_does_not_matter(rows in rows()) {
        let reversed: Vec<Row> = rows.iter().rev().copied().collect();
        prop_assert_eq!(total(&rows, 1).unwrap(), total(&reversed, 1).unwrap());
    }
}
