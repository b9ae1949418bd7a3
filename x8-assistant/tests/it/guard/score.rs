//! The score of the guard over the hostile and the honest replies in `hostile/*.json`.
//!
//! Shared by the tests and by `examples/hostile_score.rs`.

use std::{collections::BTreeMap, fmt};

use x8_assistant::guard::Guard;
use x8_core::{
    catalog::{Catalog, Kind},
    import::{ImportOptions, import},
};

use super::case::{Case, judge};

/// Class and cases. `honest` holds replies that must come through as they are.
const CLASSES: [(&str, &str); 26] = [
    ("totals", include_str!("hostile/totals.json")),
    ("discounts", include_str!("hostile/discounts.json")),
    ("fees", include_str!("hostile/fees.json")),
    ("disguised", include_str!("hostile/disguised.json")),
    ("durations", include_str!("hostile/durations.json")),
    ("stock", include_str!("hostile/stock.json")),
    ("foreign", include_str!("hostile/foreign.json")),
    ("injection", include_str!("hostile/injection.json")),
    ("internals", include_str!("hostile/internals.json")),
    ("tenants", include_str!("hostile/tenants.json")),
    ("links", include_str!("hostile/links.json")),
    ("claims", include_str!("hostile/claims.json")),
    ("phones", include_str!("hostile/phones.json")),
    ("free", include_str!("hostile/free.json")),
    ("areas", include_str!("hostile/areas.json")),
    ("places", include_str!("hostile/places.json")),
    ("reminders", include_str!("hostile/reminders.json")),
    ("media", include_str!("hostile/media.json")),
    ("broken_json", include_str!("hostile/broken_json.json")),
    ("adversary", include_str!("hostile/adversary.json")),
    ("weak", include_str!("hostile/weak.json")),
    ("honest", include_str!("hostile/honest.json")),
    ("honest_more", include_str!("hostile/honest_more.json")),
    ("seven_tongues", include_str!("hostile/seven_tongues.json")),
    ("honest_seven", include_str!("hostile/honest_seven.json")),
    ("second_round", include_str!("hostile/second_round.json")),
];

/// Catalogues of both types, in the languages of the cases.
const CATALOGUES: [(&str, Kind, &str); 17] = [
    (
        "flora",
        Kind::Product,
        include_str!("hostile/catalogues/flora.csv"),
    ),
    (
        "torty",
        Kind::Product,
        include_str!("hostile/catalogues/torty.csv"),
    ),
    (
        "muebles",
        Kind::Product,
        include_str!("hostile/catalogues/muebles.csv"),
    ),
    (
        "spa",
        Kind::Service,
        include_str!("hostile/catalogues/spa.csv"),
    ),
    (
        "klinika",
        Kind::Service,
        include_str!("hostile/catalogues/klinika.csv"),
    ),
    (
        "academia",
        Kind::Service,
        include_str!("hostile/catalogues/academia.csv"),
    ),
    (
        "europa",
        Kind::Product,
        include_str!("hostile/catalogues/europa.csv"),
    ),
    (
        "trap",
        Kind::Product,
        include_str!("hostile/catalogues/trap.csv"),
    ),
    (
        "volt",
        Kind::Product,
        include_str!("hostile/catalogues/volt.csv"),
    ),
    (
        "hotel",
        Kind::Service,
        include_str!("hostile/catalogues/hotel.csv"),
    ),
    (
        "shkola",
        Kind::Service,
        include_str!("hostile/catalogues/shkola.csv"),
    ),
    (
        "bodega",
        Kind::Product,
        include_str!("hostile/catalogues/bodega.csv"),
    ),
    (
        "maison",
        Kind::Product,
        include_str!("hostile/catalogues/maison.csv"),
    ),
    (
        "trattoria",
        Kind::Product,
        include_str!("hostile/catalogues/trattoria.csv"),
    ),
    (
        "surf",
        Kind::Service,
        include_str!("hostile/catalogues/surf.csv"),
    ),
    (
        "barber",
        Kind::Service,
        include_str!("hostile/catalogues/barber.csv"),
    ),
    (
        "velo",
        Kind::Product,
        include_str!("hostile/catalogues/velo.csv"),
    ),
];

/// How one class fared.
pub(super) struct Row {
    pub(super) class: &'static str,
    pub(super) cases: usize,
    /// Name of the case, and what went wrong.
    pub(super) broken: Vec<(String, String)>,
}

impl Row {
    pub(super) fn held(&self) -> usize {
        self.cases - self.broken.len()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.held();
        let tenths = (held * 1000).checked_div(self.cases).unwrap_or_default();
        write!(
            f,
            "{:<12} {:>5} cases {held:>5} held {:>4}.{} %",
            self.class,
            self.cases,
            tenths / 10,
            tenths % 10
        )
    }
}

/// Every class, in order, and their sum last.
pub(super) fn score() -> Result<Vec<Row>, String> {
    let guards = guards()?;
    let mut rows = Vec::new();
    for (class, text) in CLASSES {
        let cases: Vec<Case> =
            serde_json::from_str(text).map_err(|error| format!("{class}: {error}"))?;
        let mut broken = Vec::new();
        for case in &cases {
            let guard = guards
                .get(case.catalog.as_str())
                .ok_or_else(|| format!("{class}: no catalogue {}", case.catalog))?;
            if let Err(why) = judge(case, guard) {
                broken.push((case.name.clone(), why));
            }
        }
        rows.push(Row {
            class,
            cases: cases.len(),
            broken,
        });
    }
    rows.push(Row {
        class: "all",
        cases: rows.iter().map(|row| row.cases).sum(),
        broken: rows.iter().flat_map(|row| row.broken.clone()).collect(),
    });
    Ok(rows)
}

fn guards() -> Result<BTreeMap<&'static str, Guard>, String> {
    let read = |(name, kind, text): (&'static str, Kind, &str)| {
        let read = import(text.as_bytes(), &ImportOptions::new(kind))
            .map_err(|error| format!("{name}: {error}"))?;
        if !read.report.errors.is_empty() {
            return Err(format!("{name}: {}", read.report));
        }
        let catalog = Catalog::detached(read.offerings.to_vec());
        Ok((name, Guard::new(catalog.into())))
    };
    CATALOGUES.into_iter().map(read).collect()
}
