//! Names exactly as the catalogue writes them, found in a text of ours without walking over all rows.

use std::collections::HashMap;

/// Bytes of a name by which it is looked up.
const HEAD: usize = 8;

type Head = [u8; HEAD];

/// Rows by the first bytes of their names.
#[derive(Debug, Default)]
pub(in crate::understand) struct Headed {
    rows: HashMap<Head, Vec<usize>>,
    /// Rows whose names are shorter.
    short: Vec<usize>,
    /// One bit for several heads, so that most places of a text are passed over at once.
    bits: Vec<u64>,
}

impl Headed {
    const BITS: usize = 1 << 14;

    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut headed = Self {
            bits: vec![0; Self::BITS / 64],
            ..Self::default()
        };
        for (at, name) in names.enumerate() {
            let Some(head) = name.as_bytes().first_chunk::<HEAD>() else {
                headed.short.push(at);
                continue;
            };
            let (word, bit) = Self::bit(*head);
            if let Some(word) = headed.bits.get_mut(word) {
                *word |= bit;
            }
            headed.rows.entry(*head).or_default().push(at);
        }
        headed
    }

    fn bit(head: Head) -> (usize, u64) {
        let mixed = u64::from_le_bytes(head).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50;
        let place = usize::try_from(mixed).unwrap_or_default() % Self::BITS;
        (place / 64, 1 << (place % 64))
    }

    /// The rows whose names stand in the text, each with the first place in bytes. `name` is that of a row.
    pub(in crate::understand) fn found<'n>(
        &self,
        text: &str,
        name: impl Fn(usize) -> &'n str,
    ) -> Vec<(usize, usize)> {
        let short = self.short.iter();
        let mut found: Vec<(usize, usize)> = short
            .filter_map(|at| Some((text.find(name(*at))?, *at)))
            .collect();
        let mut long: HashMap<usize, usize> = HashMap::new();
        for (place, head) in text.as_bytes().windows(HEAD).enumerate() {
            let Ok(head) = Head::try_from(head) else {
                continue;
            };
            let (word, bit) = Self::bit(head);
            if self.bits.get(word).is_none_or(|word| word & bit == 0) {
                continue;
            }
            let rest = text.get(place..).unwrap_or_default();
            let rows = self.rows.get(&head).into_iter().flatten();
            for at in rows.filter(|at| rest.starts_with(name(**at))) {
                long.entry(*at).or_insert(place);
            }
        }
        found.extend(long.into_iter().map(|(at, place)| (place, at)));
        found
    }

    pub(super) fn approx_bytes(&self) -> usize {
        let rows: usize = self.rows.values().map(Vec::capacity).sum();
        let heads = self.rows.len() * (size_of::<(Head, Vec<usize>)>() + size_of::<usize>());
        heads + (rows + self.short.capacity() + self.bits.len()) * size_of::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::Headed;

    #[test]
    fn o1_names_are_found_where_a_walk_over_all_rows_finds_them() {
        let names = [
            "Bouquet of 10 roses",
            "Bouquet of 20 roses",
            "Bouquet of 10",
            "Rose",
            "",
            "Букет из 10 роз",
            "Букет",
            "ñandú 🌹🌹",
            "rose bouquet of 10 roses",
        ];
        let headed = Headed::of(names.iter().copied());
        let texts = [
            "",
            "Rose",
            "• Bouquet of 10 roses — 29.90 EUR\n• Bouquet of 20 roses — 55 EUR, Bouquet of 10 roses",
            "Букет из 10 роз, Букет",
            "a ñandú 🌹🌹🌹 and a rose bouquet of 10 roses",
            "Bouquet of 1",
        ];
        for text in texts {
            let mut found = headed.found(text, |at| names[at]);
            let places = names.iter().enumerate();
            let mut walked: Vec<(usize, usize)> = places
                .filter_map(|(at, name)| Some((text.find(name)?, at)))
                .collect();
            found.sort_unstable();
            walked.sort_unstable();
            assert_eq!(found, walked, "{text}");
        }
    }
}
