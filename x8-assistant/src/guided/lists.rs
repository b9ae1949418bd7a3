//! Lists of offerings that fit the channel (A7, G2).

use serde_json::json;
use unicode_segmentation::UnicodeSegmentation;
use x8_core::{Result, Sku, catalog::Offering};

use super::speak::Speaker;

/// Characters around the lines of a list.
const FRAME: usize = 110;

/// One line of a description.
const LINE: usize = 110;

/// More lines than this are not read; the rest follows on demand.
const MOST_LINES: usize = 30;

impl Speaker<'_> {
    /// The list in full when it fits, in short when it does not, and cut with an offer to continue as the last way.
    pub(super) fn list(&self, skus: &[Sku], more: bool) -> Result<String> {
        let room = limit(self.input.platform.source()).saturating_sub(FRAME);
        let count = self.count(skus);
        let known = skus.iter().filter_map(|sku| self.row(sku));
        let head: Vec<&Offering> = known.take(MOST_LINES).collect();
        let full = if head.len() == count {
            self.fitting(&head, room, false)?
        } else {
            Vec::new()
        };
        let lines = if full.len() == count {
            full
        } else {
            self.fitting(&head, room, true)?
        };
        let close = if count == 1 {
            "list_close_one"
        } else {
            "list_close_all"
        };
        let values = json!({
            "rest": lines.len() < count,
            "rows": lines,
            "more": more,
            "asked": self.input.catalog.offerings().len() != count,
            "close": self.render(close, &json!({}))?,
        });
        self.render("list", &values)
    }

    /// How many of the keys are rows'. All of them in catalogue order is what most often is listed, and told quickly.
    fn count(&self, skus: &[Sku]) -> usize {
        let rows = self.input.catalog.offerings();
        let same = |(row, sku): (&Offering, &Sku)| row.sku == *sku;
        if rows.len() == skus.len() && rows.iter().zip(skus).all(same) {
            return rows.len();
        }
        skus.iter().filter(|sku| self.row(sku).is_some()).count()
    }

    /// The lines of the first rows that fit, at least one; stops early, so that a large catalogue costs no more.
    fn fitting(&self, rows: &[&Offering], room: usize, short: bool) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        let mut length = 0;
        for row in rows {
            let line = self.line(row, short)?;
            length += line.graphemes(true).count() + 1;
            if length > room && !lines.is_empty() {
                break;
            }
            lines.push(line);
        }
        Ok(lines)
    }

    pub(super) fn line(&self, row: &Offering, short: bool) -> Result<String> {
        let key = if short { "row_short" } else { "row" };
        let values = json!({
            "name": row.name,
            "price": self.amount(row.price)?,
            "unit": row.unit.as_ref().filter(|_| !row.is_free()).map(|unit| unit.trim_end_matches('.')),
            "duration": row.duration,
            "line": one_line(&row.description),
        });
        self.render(key, &values)
    }

    pub(super) fn which(&self, skus: &[Sku]) -> Result<String> {
        let rows = self.rows(skus);
        let room = limit(self.input.platform.source()).saturating_sub(FRAME);
        let lines = self.fitting(&rows, room, true)?;
        self.render("which", &json!({ "rows": lines }))
    }

    /// A4: what we do have, by name, when that fits.
    pub(super) fn declined(&self) -> Result<String> {
        let room = limit(self.input.platform.source());
        let rows = self.input.catalog.offerings().iter();
        // A name with its mark takes two characters at least: more rows need not even be joined.
        let head: Vec<&str> = rows.map(|row| row.name.as_str()).take(room).collect();
        let names = head.join("; ");
        let fits = head.len() < room && names.graphemes(true).count() * 2 < room;
        self.render(
            "declined",
            &json!({ "names": if fits { names } else { String::new() } }),
        )
    }
}

/// Characters a reply should stay below: the limits of G2 less a seventh.
fn limit(source: &str) -> usize {
    match source {
        "instagram" => 760,
        "whatsapp" | "telegram" => 3_300,
        "email" | "gmail" => 6_000,
        _other => 1_670,
    }
}

/// The first sentence of a description, or its beginning up to a word's end.
fn one_line(description: &str) -> String {
    let first = description
        .split_sentence_bounds()
        .next()
        .unwrap_or_default()
        .trim();
    if first.graphemes(true).count() <= LINE {
        return first.to_owned();
    }
    let cut: String = first.graphemes(true).take(LINE).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole.trim_end_matches([',', ';', ':']))
}
