//! The narrow check: a reply is read, its figures are compared with the rows, its words are measured. Nothing is mended
//! and the words are not searched.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use unicode_segmentation::UnicodeSegmentation;
use x8_core::{
    Money, Sku,
    cart::{Priced, price, settle_area},
    catalog::{Catalog, Offering},
    order::{Area, CartLine},
};

use super::{Action, Finding, Rule, g02_length::limit};
use crate::contract::{self, Claims, strict::objects_only};

/// What [`Guard::check_figures`](super::Guard::check_figures) found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What is wrong: unreadable (G1), too long (G2), a figure that no row explains (G3), an unknown key (G5).
    pub findings: Vec<Finding>,
}

impl Figures {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.findings.is_empty()
    }

    fn wrong(&mut self, rule: Rule, evidence: String) {
        self.findings.push(Finding {
            rule,
            action: Action::Refused,
            evidence,
        });
    }
}

impl Serialize for Figures {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut wire = serializer.serialize_struct("Figures", 2)?;
        wire.serialize_field("ok", &self.ok())?;
        wire.serialize_field("findings", &self.findings)?;
        wire.end()
    }
}

/// What is compared, out of a reply as it should be; every other key is passed over.
#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    response: &'a RawValue,
    #[serde(borrow, default)]
    city: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    units_to_buy: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_sum: Option<&'a RawValue>,
    #[serde(borrow, default)]
    products_sum: Option<&'a RawValue>,
    #[serde(borrow, default)]
    delivery_sum: Option<&'a RawValue>,
    #[serde(borrow, default)]
    items: Option<Vec<Basket<'a>>>,
}

#[derive(Deserialize)]
struct Basket<'a> {
    #[serde(borrow, rename = "lineItems")]
    line_items: Vec<Line<'a>>,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, rename = "SKU")]
    sku: &'a RawValue,
    quantity: u32,
}

/// The claimed figures, as written.
struct Claimed<'a> {
    city: Option<&'a str>,
    cart: Vec<CartLine>,
    sums: [(&'static str, Option<&'a str>); 3],
    units: Option<&'a str>,
}

pub(super) fn check(catalog: &Catalog, raw: &str, source: &str) -> Figures {
    let mut figures = Figures::default();
    match serde_json::from_str::<Wire<'_>>(raw) {
        Ok(wire) if objects_only(raw) && wire.response.get().starts_with('"') => {
            strict(&mut figures, catalog, &wire, source);
        }
        Ok(_) | Err(_) => match contract::parse(raw) {
            Ok((claims, _mends)) => mended(&mut figures, catalog, &claims, source),
            Err(refusal) => figures.wrong(Rule::G1, refusal.to_string()),
        },
    }
    figures
}

fn strict(figures: &mut Figures, catalog: &Catalog, wire: &Wire<'_>, source: &str) {
    let quoted = wire.response.get();
    // Escapes only add bytes, and a character has at least one.
    if quoted.len() > limit(source)
        && let Ok(words) = serde_json::from_str::<Cow<'_, str>>(quoted)
    {
        length(figures, &words, source);
    }
    let baskets = wire.items.iter().flatten();
    let line = |line: &Line<'_>| CartLine {
        sku: Sku::from(line.sku.get().trim_matches('"')),
        quantity: line.quantity,
    };
    let claimed = Claimed {
        city: wire.city.as_deref(),
        cart: baskets
            .flat_map(|basket| basket.line_items.iter().map(line))
            .collect(),
        sums: [
            ("total_sum", text(wire.total_sum)),
            ("products_sum", text(wire.products_sum)),
            ("delivery_sum", text(wire.delivery_sum)),
        ],
        units: text(wire.units_to_buy),
    };
    compare(figures, catalog, &claimed);
}

/// A scalar without its quotes.
fn text(raw: Option<&RawValue>) -> Option<&str> {
    raw.map(|raw| raw.get().trim_matches('"'))
}

fn mended(figures: &mut Figures, catalog: &Catalog, claims: &Claims, source: &str) {
    length(figures, &claims.response, source);
    let items = claims.items.iter().flatten();
    let claimed = Claimed {
        city: claims.city.as_deref(),
        cart: items
            .map(|item| CartLine {
                sku: item.sku.clone(),
                quantity: item.quantity,
            })
            .collect(),
        sums: [
            ("total_sum", claims.total_sum.as_deref()),
            ("products_sum", claims.products_sum.as_deref()),
            ("delivery_sum", claims.delivery_sum.as_deref()),
        ],
        units: claims.units_to_buy.as_deref(),
    };
    compare(figures, catalog, &claimed);
}

fn length(figures: &mut Figures, words: &str, source: &str) {
    let limit = limit(source);
    if words.len() <= limit {
        return;
    }
    let length = words.graphemes(true).count();
    if length > limit {
        figures.wrong(Rule::G2, format!("{length} characters, at most {limit}"));
    }
}

/// Compares the claimed figures with those of the rows; without items they must be nothing.
fn compare(figures: &mut Figures, catalog: &Catalog, claimed: &Claimed<'_>) {
    let priced = match own(catalog, claimed) {
        Ok(priced) => priced,
        Err((rule, evidence)) => return figures.wrong(rule, evidence),
    };
    let totals = priced.as_ref().map(|priced| priced.totals);
    let sums = totals.map_or([Money::eur(0); 3], |totals| {
        [totals.total, totals.products, totals.delivery]
    });
    for ((key, claimed), own) in claimed.sums.into_iter().zip(sums) {
        if let Some(claimed) = claimed.filter(|claimed| hundredths(claimed) != Some(own.minor())) {
            figures.wrong(Rule::G3, format!("{key} {claimed} is {}", own.digits()));
        }
    }
    let lines = priced.iter().flat_map(|priced| &priced.lines);
    let units: i64 = lines.map(|line| i64::from(line.quantity)).sum();
    if let Some(claimed) = claimed
        .units
        .filter(|claimed| hundredths(claimed) != Some(units.saturating_mul(100)))
    {
        figures.wrong(Rule::G3, format!("units_to_buy {claimed} is {units}"));
    }
}

/// What the rows say of the claimed items; absent without items.
fn own(catalog: &Catalog, claimed: &Claimed<'_>) -> Result<Option<Priced>, (Rule, String)> {
    if claimed.cart.is_empty() {
        return Ok(None);
    }
    if let Some(line) = claimed
        .cart
        .iter()
        .find(|line| catalog.get(&line.sku).is_none())
    {
        return Err((Rule::G5, format!("SKU {}", line.sku)));
    }
    let rows = claimed
        .cart
        .iter()
        .filter_map(|line| catalog.get(&line.sku));
    let rows: Vec<&Offering> = rows.collect();
    let remote = matches!(settle_area(&rows, claimed.city), Ok(Area::Online));
    let priced = price(catalog, &claimed.cart, !remote);
    priced
        .map(Some)
        .map_err(|refusal| (Rule::G3, refusal.to_string()))
}

/// Hundredths of `270`, `54.5` or `54,50`; nothing else is a figure here.
fn hundredths(written: &str) -> Option<i64> {
    let (whole, part) = written
        .trim()
        .split_once(['.', ','])
        .unwrap_or((written.trim(), ""));
    let part = part.trim_end_matches('0');
    let parts = match part.as_bytes() {
        [] => 0,
        [tenths @ b'0'..=b'9'] => i64::from(tenths - b'0') * 10,
        [tenths @ b'0'..=b'9', hundredths @ b'0'..=b'9'] => {
            i64::from(tenths - b'0') * 10 + i64::from(hundredths - b'0')
        }
        _longer => return None,
    };
    let sound = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let whole: i64 = whole.parse().ok().filter(|_| sound)?;
    whole.checked_mul(100)?.checked_add(parts)
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn g3_figures_are_compared_as_exact_hundredths() {
        for (written, own) in [
            ("270", Some(27_000)),
            ("270.0", Some(27_000)),
            ("54,50", Some(5_450)),
            ("0.05", Some(5)),
            ("1.005", None),
            ("-1", None),
            ("1e3", None),
            ("", None),
        ] {
            assert_eq!(hundredths(written), own, "{written}");
        }
    }
}
