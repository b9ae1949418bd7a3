//! O2, O3, G8: the one place of an order.

use crate::{
    catalog::{Areas, Kind, Offering},
    id::Sku,
    order::Area,
};

/// Why a place does not work, with the ways out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AreaRefusal {
    /// No place was named and one is needed; these work for every item. Empty: the rows share no named place, because
    /// every place works or none does; ask, and the answer is judged.
    Missing {
        /// Places valid for all items.
        places: Vec<String>,
    },
    /// The place does not work for every item (O2).
    NotServed {
        /// What was asked for.
        asked: String,
        /// Places valid for all items (the intersection).
        places: Vec<String>,
        /// The items that can be had in the place asked for.
        available: Vec<Sku>,
    },
}

/// Settles the place of an order: the catalogue's spelling, `Online` when no item needs a place, or the ways out.
///
/// A row without areas is available everywhere. An order of remote-only items is `Online` whatever was said (O3).
///
/// # Errors
/// [`AreaRefusal`], as a value for the reply.
pub fn settle_area(rows: &[&Offering], asked: Option<&str>) -> Result<Area, AreaRefusal> {
    let placed: Vec<&Offering> = rows
        .iter()
        .copied()
        .filter(|row| !row.is_online_only())
        .collect();
    // A service that also works remotely needs no place unless one is named; goods always travel.
    let all_remote = placed
        .iter()
        .all(|row| row.kind == Kind::Service && row.areas.online());
    let asked = asked.map(str::trim).filter(|place| !place.is_empty());
    // "Online" in any of the catalogue's words for it; never the name of a city.
    let remote = asked.is_some_and(|place| [place].into_iter().collect::<Areas>().online());
    if placed.is_empty() || (all_remote && (remote || asked.is_none())) {
        return Ok(Area::Online);
    }
    let Some(asked) = asked else {
        return Err(AreaRefusal::Missing {
            places: common_places(&placed),
        });
    };
    let mut served = Served::at(asked);
    if !remote && placed.iter().all(|row| served.by(row)) {
        let spelled = placed
            .iter()
            .find_map(|row| row.areas.find(asked))
            .unwrap_or(asked);
        return Ok(Area::Place(spelled.to_owned()));
    }
    let available = rows
        .iter()
        .filter(|row| {
            row.is_online_only()
                || if remote {
                    row.areas.online()
                } else {
                    served.by(row)
                }
        })
        .map(|row| row.sku.clone())
        .collect();
    Err(AreaRefusal::NotServed {
        asked: asked.to_owned(),
        places: common_places(&placed),
        available,
    })
}

/// Whether rows serve a place. Neighbours in a catalogue mostly name the same areas, which are then read once.
struct Served<'a> {
    place: &'a str,
    last: Option<(&'a Areas, bool)>,
}

impl<'a> Served<'a> {
    fn at(place: &'a str) -> Self {
        Self { place, last: None }
    }

    fn by(&mut self, row: &'a Offering) -> bool {
        match self.last {
            Some((areas, serves)) if *areas == row.areas => serves,
            Some(_) | None => {
                let serves = row.serves(self.place);
                self.last = Some((&row.areas, serves));
                serves
            }
        }
    }
}

/// Places valid for all rows, in the first restricted row's order and spelling.
fn common_places(rows: &[&Offering]) -> Vec<String> {
    let Some(first) = rows.iter().find(|row| !row.areas.places().is_empty()) else {
        return Vec::new();
    };
    let served_by_all = |place: &&String| {
        let mut served = Served::at(place);
        rows.iter().all(|row| served.by(row))
    };
    first
        .areas
        .places()
        .iter()
        .filter(served_by_all)
        .cloned()
        .collect()
}
