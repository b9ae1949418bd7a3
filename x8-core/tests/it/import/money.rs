//! K3: amounts are read exactly or refused.

use proptest::prelude::*;
use x8_core::{
    Currency, Result,
    catalog::Kind,
    import::{DecimalMark, Import, ImportOptions, import},
};

use super::{errors, products};

/// A file with these price cells, one per row.
fn file(prices: &[&str]) -> String {
    let mut text = "product_name\tdescription\tsku\tprice_eur\n".to_owned();
    for (at, price) in prices.iter().enumerate() {
        text.push_str(&format!(
            "Item\tAn item\t{}\t\"{}\"\n",
            at + 1,
            price.replace('"', "\"\"")
        ));
    }
    text
}

fn cents(prices: &[&str]) -> Vec<i64> {
    let import = products(&file(prices)).unwrap();
    assert!(import.report.ok, "{}", import.report);
    import
        .offerings
        .iter()
        .map(|row| row.price.minor())
        .collect()
}

fn refusal(price: &str) -> String {
    let import = products(&file(&[price])).unwrap();
    assert!(
        !import.report.ok && import.offerings.is_empty(),
        "{price} was read"
    );
    assert_eq!(errors(&import), [("K3", 2, "price_eur", price)]);
    import.report.errors[0].message.clone()
}

fn with_mark(prices: &[&str], mark: DecimalMark) -> Result<Import> {
    let options = ImportOptions {
        decimal: Some(mark),
        ..ImportOptions::new(Kind::Product)
    };
    import(file(prices).as_bytes(), &options)
}

#[test]
fn k3_every_form_of_the_specification_is_read() {
    for (text, expected) in [
        ("12.50", 1_250),
        ("12,50", 1_250),
        ("1 299,50", 129_950),
        ("1\u{a0}299,50", 129_950),
        ("1\u{202f}299,50", 129_950),
        ("1\u{2009}299,50", 129_950),
        ("1.299,50", 129_950),
        ("1,299.50", 129_950),
        ("1'299.50", 129_950),
        ("1\u{2019}299.50", 129_950),
        ("1,299,000", 129_900_000),
        ("1 299", 129_900),
        ("€12", 1_200),
        ("€ 12,5", 1_250),
        ("12 EUR", 1_200),
        ("12\u{a0}€", 1_200),
        ("12 евро", 1_200),
        ("EUR 12", 1_200),
        ("12", 1_200),
        ("0", 0),
        ("0,00", 0),
        ("", 0),
        ("  ", 0),
    ] {
        assert_eq!(cents(&[text]), [expected], "{text:?}");
    }
}

#[test]
fn k3_all_unambiguous_forms_may_share_a_column() {
    let prices = cents(&[
        "12.50", "12,50", "1 299,50", "1.299,50", "1,299.50", "€12", "12 EUR", "",
    ]);
    assert_eq!(
        prices,
        [1_250, 1_250, 129_950, 129_950, 129_950, 1_200, 1_200, 0]
    );
}

#[test]
fn k3_ambiguous_thousands_are_refused_with_both_readings() {
    for text in ["1,299", "1.299", "12,000", "€1,299", "999.999"] {
        let message = refusal(text);
        assert!(
            message.contains("with a decimal point") && message.contains("with a decimal comma"),
            "{message}"
        );
    }
    let message = refusal("1,299");
    assert!(
        message.starts_with("`1,299` is 1299 with a decimal point and 1.299 with a decimal comma"),
        "{message}"
    );
}

#[test]
fn k3_the_column_settles_the_mark() {
    assert_eq!(cents(&["1,299", "12.50"]), [129_900, 1_250]);
    assert_eq!(cents(&["1.299", "12,50"]), [129_900, 1_250]);
    assert_eq!(cents(&["1.299", "1.299,5", "7"]), [129_900, 129_950, 700]);
    let import = products(&file(&["1,299", "12,50"])).unwrap();
    assert_eq!(
        errors(&import),
        [("K3", 2, "price_eur", "1,299")],
        "three decimals under the comma"
    );
    assert!(
        import.report.errors[0]
            .message
            .contains("more than 2 decimals")
    );
    let import = products(&file(&["1,299", "12,50", "12.50"])).unwrap();
    assert_eq!(
        errors(&import).len(),
        1,
        "a column that uses both marks settles nothing"
    );
    assert!(import.report.decimals[0].decided.contains("both marks"));
}

#[test]
fn k3_another_column_settles_nothing() {
    let text = "name;description;price;delivery cost\nA;a;1,299;5.00\n";
    assert_eq!(
        errors(&products(text).unwrap()),
        [("K3", 2, "price_eur", "1,299")]
    );
}

#[test]
fn k3_a_refused_cell_proves_nothing() {
    let import = products(&file(&["1,299", "-12.50", "12.50%", "$12.50", "12.5000"])).unwrap();
    assert_eq!(errors(&import).len(), 5, "{}", import.report);
    assert_eq!(import.report.decimals[0].mark, None);
}

#[test]
fn k3_the_caller_may_fix_the_mark() {
    let point = with_mark(&["1,299", "12.50"], DecimalMark::Point).unwrap();
    assert_eq!(point.offerings[0].price.minor(), 129_900);
    let comma = with_mark(&["1.299"], DecimalMark::Comma).unwrap();
    assert_eq!(comma.offerings[0].price.minor(), 129_900);
    let refused = with_mark(&["12,50"], DecimalMark::Point).unwrap();
    assert!(
        refused.report.errors[0]
            .message
            .contains("when the decimal mark is the point"),
        "{}",
        refused.report
    );
    let refused = with_mark(&["1,299"], DecimalMark::Comma).unwrap();
    assert!(
        refused.report.errors[0]
            .message
            .contains("more than 2 decimals"),
        "{}",
        refused.report
    );
    assert_eq!(DecimalMark::parse(" , "), Some(DecimalMark::Comma));
    assert_eq!(DecimalMark::parse("dot"), Some(DecimalMark::Point));
    assert_eq!(DecimalMark::parse(";"), None);
}

#[test]
fn k3_what_is_no_price_is_refused_and_says_why() {
    for (text, reason) in [
        ("-5", "negative"),
        ("\u{2212}5", "negative"),
        ("5-", "negative"),
        ("€ -5", "negative"),
        ("(12.00)", "negative"),
        ("12.3456", "more than 2 decimals"),
        ("0,125", "more than 2 decimals"),
        ("1234,567", "more than 2 decimals"),
        ("10%", "percentage"),
        ("$12", "in USD"),
        ("12 руб.", "in RUB"),
        ("£12", "in GBP"),
        ("12 zł", "in PLN"),
        ("free", "neither a number"),
        ("бесплатно", "neither a number"),
        ("from 12", "neither a number"),
        ("12 € / kg", "neither a number"),
        ("12 apples", "neither a number"),
        ("1E+05", "rewritten by a spreadsheet"),
        ("12-15", "not one number"),
        ("12 50", "not one number"),
        ("1,2,3", "not one number"),
        ("1,00,000", "not one number"),
        ("1.299.50", "not one number"),
        ("12.", "not one number"),
        (".50", "not one number"),
        ("1.299,-", "not one number"),
        ("12,---", "not one number"),
        ("12-", "negative"),
        ("1  299", "not one number"),
        ("-", "neither a number"),
        ("١٢", "neither a number"),
        ("34600000201", "larger"),
        ("99999999999999999999999999", "larger"),
        ("=1+1", "not one number"),
        ("NaN", "neither a number"),
    ] {
        let message = refusal(text);
        assert!(
            message.contains(reason) && message.contains(text),
            "{text}: {message}"
        );
    }
}

#[test]
fn k3_counts_and_hours_are_read_with_the_same_care() {
    let read = |stock: &str, hours: &str| {
        products(&format!(
            "name\tdescription\tsku\tprice\tstock\tdelivery time\nA\ta\t1\t1\t{stock}\t{hours}\n"
        ))
        .unwrap()
    };
    let good = read("1 000 шт.", "24 h");
    assert_eq!(good.offerings[0].stock.unwrap().internal(), 1_000);
    assert_eq!(good.offerings[0].delivery_hours, Some(24));
    let exact = read("80.0", "6,00");
    assert_eq!(exact.offerings[0].stock.unwrap().internal(), 80);
    assert_eq!(exact.offerings[0].delivery_hours, Some(6));
    let empty = read("", "");
    assert_eq!(
        (empty.offerings[0].stock, empty.offerings[0].delivery_hours),
        (None, None)
    );
    for text in [
        "2.5",
        "-1",
        "1,000",
        "3 days",
        "many",
        "1e3",
        "99999999999",
        "10%",
        "5000000000",
    ] {
        let import = read(text, text);
        let found: Vec<_> = import
            .report
            .errors
            .iter()
            .map(|issue| (issue.rule, issue.text.as_str()))
            .collect();
        assert_eq!(found, [("K3", text), ("K3", text)], "{text}");
    }
    assert!(!read("1", "9000").report.ok, "no delivery takes a year");
}

#[test]
fn k3_an_empty_threshold_is_never_and_zero_is_always() {
    let text = "name;description;sku;price;delivery fee;free delivery\nA;a;1;1;5;\nB;b;2;1;5;0\nC;c;3;1;;\nD;d;4;1;;50\n";
    let import = products(text).unwrap();
    let fees: Vec<_> = import
        .offerings
        .iter()
        .map(|row| {
            row.fee
                .map(|fee| (fee.amount.minor(), fee.free_from.map(|money| money.minor())))
        })
        .collect();
    assert_eq!(
        fees,
        [
            Some((500, None)),
            Some((500, Some(0))),
            None,
            Some((0, Some(5_000)))
        ]
    );
    assert_eq!(import.report.warnings.len(), 1, "{}", import.report);
}

#[test]
fn k3_currencies_without_cents_take_none() {
    let yen = ImportOptions {
        currency: Currency::parse("JPY").unwrap(),
        ..ImportOptions::new(Kind::Product)
    };
    let read = |cell: &str| {
        import(
            format!("name;description;sku;price\nA;a;1;{cell}\n").as_bytes(),
            &yen,
        )
        .unwrap()
    };
    assert_eq!(read("¥1 300").offerings[0].price.minor(), 1_300);
    assert!(!read("12.50").report.ok);
}

#[test]
fn k3_the_report_tells_how_each_amount_was_read() {
    let report = products(&file(&["1 299,50", ""])).unwrap().report;
    let messages: Vec<String> = report
        .money
        .iter()
        .map(|reading| reading.message())
        .collect();
    assert_eq!(
        messages,
        [
            "read \"1 299,50\" as 1299.50 EUR",
            "read \"\" as 0.00 EUR (free)"
        ]
    );
    assert_eq!(
        report.decimals[0].decided,
        "decimal comma, proved by `1 299,50` in row 2"
    );
}

/// Every way to write an amount of cents without ambiguity about its digits: an exact reading made the other way round,
/// from the value to the text.
fn renderings(cents: i64) -> Vec<String> {
    let (whole, rest) = (cents / 100, cents % 100);
    let plain = whole.to_string();
    let mut texts = Vec::new();
    for grouping in ["", " ", ".", ",", "'"] {
        let mut grouped = String::new();
        for (at, digit) in plain.chars().enumerate() {
            if at > 0 && (plain.len() - at) % 3 == 0 {
                grouped.push_str(grouping);
            }
            grouped.push(digit);
        }
        if rest == 0 {
            texts.push(grouped.clone());
        }
        for mark in [".", ","].into_iter().filter(|mark| *mark != grouping) {
            texts.push(format!("{grouped}{mark}{rest:02}"));
            if rest % 10 == 0 {
                texts.push(format!("{grouped}{mark}{}", rest / 10));
            }
        }
    }
    texts
}

fn is_ambiguous(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', ',']).collect();
    matches!(parts.as_slice(), [whole, three]
        if (1..=3).contains(&whole.len()) && !whole.starts_with('0') && three.len() == 3)
}

proptest! {
    #[test]
    fn k3_every_rendering_is_read_back_or_refused_as_ambiguous(cents in 0_i64..2_000_000_000, pick in 0_usize..100) {
        let texts = renderings(cents);
        let text = &texts[pick % texts.len()];
        let import = products(&file(&[text])).unwrap();
        if is_ambiguous(text) {
            prop_assert!(!import.report.ok, "{} was read", text);
            prop_assert!(import.report.errors[0].message.contains("decimal comma"));
        } else {
            prop_assert!(import.report.ok, "{}: {}", text, import.report);
            prop_assert_eq!(import.offerings[0].price.minor(), cents);
        }
    }

    #[test]
    fn k3_what_is_read_is_always_a_rendering_of_its_value(text in "[0-9]{0,4}[.,' ]?[0-9]{0,4}[.,' -]?[0-9]{0,3}[.,%e€]?") {
        let import = products(&file(&[&text])).unwrap();
        let bare = text.trim_end_matches('€').trim().trim_start_matches('0');
        let bare = if bare.starts_with(|letter: char| letter.is_ascii_digit()) { bare.to_owned() } else { format!("0{bare}") };
        if let Some(row) = import.offerings.first() {
            let minor = row.price.minor();
            prop_assert!(text.trim().is_empty() || renderings(minor).contains(&bare), "`{}` was read as {}", text, minor);
            prop_assert!(!is_ambiguous(text.trim_end_matches('€').trim()), "`{}` was read as {}", text, minor);
        } else {
            prop_assert!(!import.report.errors.is_empty());
        }
    }

    #[test]
    fn k3_a_settled_column_reads_every_rendering_of_its_mark(cents in 0_i64..2_000_000_000, pick in 0_usize..100) {
        let texts: Vec<String> = renderings(cents)
            .into_iter()
            .filter(|text| !is_ambiguous(text) || text.contains('.'))
            .collect();
        let text = &texts[pick % texts.len()];
        let import = products(&file(&[text, "7,25"])).unwrap();
        prop_assert!(import.report.ok, "{}: {}", text, import.report);
        prop_assert_eq!(import.offerings[0].price.minor(), cents, "{}", text);
    }
}
