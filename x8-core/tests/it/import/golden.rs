//! Files as businesses send them, with the reports they must give.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use x8_core::{
    Result,
    catalog::{Kind, Offering},
    import::{DecimalMark, Import, ImportOptions, import},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/import/golden")
}

/// A file's name says how it is read: `product-…` or `service-…`; some say more.
fn options(name: &str) -> ImportOptions {
    let kind = if name.starts_with("service") {
        Kind::Service
    } else {
        Kind::Product
    };
    ImportOptions {
        partial: matches!(name, "product-partial" | "product-ragged"),
        decimal: (name == "product-ambiguous-fixed-point").then_some(DecimalMark::Point),
        ..ImportOptions::new(kind)
    }
}

fn inputs() -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.push((name, fs::read(path)?));
        }
    }
    files.sort();
    Ok(files)
}

#[test]
fn k2_golden_files_give_their_reports() {
    let inputs = inputs().unwrap();
    assert!(inputs.len() >= 40, "only {} golden files", inputs.len());
    for (name, bytes) in inputs {
        let found =
            import(&bytes, &options(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = serde_json::to_value(&found.report).unwrap();
        let path = folder().join(format!("{name}.json"));
        let expected: Value = serde_json::from_slice(&fs::read(&path).unwrap_or_default())
            .unwrap_or_else(|error| panic!("{name}: {error}; the report is now\n{found:#}"));
        assert_eq!(found, expected, "{name}: the report is now\n{found:#}");
    }
}

/// SKU, price, fee, threshold, stock, online.
type Numbers = (
    &'static str,
    i64,
    Option<i64>,
    Option<i64>,
    Option<u32>,
    bool,
);

/// What must not depend on encoding, delimiter or number style, written by hand.
const PRODUCTS: [Numbers; 5] = [
    ("201", 2_990, Some(500), Some(8_000), Some(40), false),
    ("202", 129_950, Some(1_200), None, Some(0), false),
    ("203", 1_200_000_000, None, None, None, true),
    ("204", 0, None, None, Some(1_000), false),
    ("205", 0, None, None, None, true),
];

#[test]
fn k2_k3_every_encoding_delimiter_and_number_style_loads_the_same_products() {
    let mut seen: BTreeMap<String, (String, Vec<Offering>)> = BTreeMap::new();
    let mut files = 0;
    for (name, bytes) in inputs().unwrap() {
        let Some(language) = ["product-ru", "product-es"]
            .into_iter()
            .find(|own| name.starts_with(own))
        else {
            continue;
        };
        files += 1;
        let rows = import(&bytes, &options(&name)).unwrap().into_offerings();
        let numbers: Vec<_> = rows
            .iter()
            .map(|row| {
                let fee = row.fee.map(|fee| fee.amount.minor());
                let free_from = row
                    .fee
                    .and_then(|fee| fee.free_from)
                    .map(|money| money.minor());
                let stock = row.stock.map(|stock| stock.internal());
                (
                    row.sku.as_str(),
                    row.price.minor(),
                    fee,
                    free_from,
                    stock,
                    row.areas.online(),
                )
            })
            .collect();
        assert_eq!(numbers, PRODUCTS, "{name}");
        // Code pages without guillemets carry plain quotes.
        let rows: Vec<Offering> = rows
            .into_iter()
            .map(|row| Offering {
                name: row.name.replace(['«', '»'], "\"").into(),
                ..row
            })
            .collect();
        let (first, expected) = seen
            .entry(language.to_owned())
            .or_insert_with(|| (name.clone(), rows.clone()));
        assert_eq!(&rows, expected, "{name} differs from {first}");
    }
    assert_eq!(files, 19);
}

#[test]
fn k2_every_encoding_and_delimiter_loads_the_same_services() {
    let mut seen: BTreeMap<&str, Vec<Offering>> = BTreeMap::new();
    for (name, bytes) in inputs().unwrap() {
        let Some(language) = ["service-ru", "service-es"]
            .into_iter()
            .find(|own| name.starts_with(own))
        else {
            continue;
        };
        let rows = import(&bytes, &options(&name)).unwrap().into_offerings();
        let numbers: Vec<_> = rows
            .iter()
            .map(|row| (row.sku.as_str(), row.price.minor(), row.duration_minutes))
            .collect();
        assert_eq!(
            numbers,
            [
                ("11", 2_990, Some(90)),
                ("12", 129_950, Some(90)),
                ("13", 1_200_000_000, Some(75)),
                ("14", 0, Some(30)),
                ("15", 0, None),
            ],
            "{name}"
        );
        let expected = seen.entry(language).or_insert_with(|| rows.clone());
        assert_eq!(&rows, expected, "{name}");
    }
    assert_eq!(seen.len(), 2);
}

fn example(name: &str, kind: Kind) -> Result<Import> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/data")
        .join(name);
    let bytes = fs::read(path).map_err(|error| x8_core::Error::internal("test.read", error))?;
    import(&bytes, &ImportOptions::new(kind))
}

#[test]
fn k1_k3_the_flower_shop_imports_fully() {
    let Import { offerings, report } =
        example("flowers_products_cp1251.csv", Kind::Product).unwrap();
    assert!(
        report.ok && report.errors.is_empty() && report.warnings.is_empty(),
        "{report}"
    );
    assert_eq!(
        (report.encoding, report.delimiter),
        ("windows-1251", Some(';'))
    );
    let prices: Vec<i64> = offerings.iter().map(|row| row.price.minor()).collect();
    assert_eq!(prices, [2_990, 5_450, 350, 129_950, 0]);
    let card = &offerings[4];
    assert!(
        card.is_free()
            && card.sku.as_integer() == Some(205)
            && card.fee.is_some_and(|fee| fee.amount.is_zero())
    );
    assert_eq!(offerings[0].extra["Цвет"], "красный");
    assert_eq!(
        offerings[4].areas.places(),
        ["Barcelona", "Valencia", "Madrid"]
    );
    assert!(
        report
            .headers
            .iter()
            .all(|choice| choice.column.is_some() || choice.header == "Цвет")
    );
    assert!(
        report
            .money
            .iter()
            .any(|reading| reading.message() == "read \"1 299,50\" as 1299.50 EUR")
    );
}

#[test]
fn k1_k9_the_hotel_imports_fully() {
    let Import { offerings, report } =
        example("hotel_canarian_services.csv", Kind::Service).unwrap();
    assert!(
        report.ok && report.errors.is_empty() && report.warnings.is_empty(),
        "{report}"
    );
    assert_eq!(offerings.len(), 13);
    let call = &offerings[12];
    assert!(call.is_free() && call.is_online_only() && call.sku.as_integer() == Some(113));
    assert_eq!(offerings[8].duration_minutes, Some(150));
    assert!(
        offerings
            .iter()
            .all(|row| row.extra.is_empty() && row.details.len() >= 11)
    );
}
