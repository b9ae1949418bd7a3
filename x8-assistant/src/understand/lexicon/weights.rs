//! What words are worth in rows.

/// Rows with what they are worth, by their places; each row once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::understand) struct Weights(Vec<(usize, u32)>);

impl Weights {
    /// Of several weights of a row the highest.
    pub(super) fn highest(mut rows: Vec<(usize, u32)>) -> Self {
        rows.sort_unstable_by_key(|(at, weight)| (*at, std::cmp::Reverse(*weight)));
        rows.dedup_by_key(|(at, _)| *at);
        Self(rows)
    }

    /// Of several weights of a row all together.
    pub(in crate::understand) fn sum(all: &[Self]) -> Self {
        if let [one] = all {
            return one.clone();
        }
        let mut rows: Vec<(usize, u32)> =
            all.iter().flat_map(|own| own.0.iter().copied()).collect();
        rows.sort_unstable_by_key(|(at, _)| *at);
        rows.dedup_by(|next, last| {
            let same = next.0 == last.0;
            if same {
                last.1 += next.1;
            }
            same
        });
        Self(rows)
    }

    pub(in crate::understand) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::understand) fn get(&self, at: usize) -> Option<u32> {
        let place = self.place(at)?;
        self.0.get(place).map(|(_, weight)| *weight)
    }

    pub(in crate::understand) fn get_mut(&mut self, at: usize) -> Option<&mut u32> {
        let place = self.place(at)?;
        self.0.get_mut(place).map(|(_, weight)| weight)
    }

    fn place(&self, at: usize) -> Option<usize> {
        self.0.binary_search_by_key(&at, |(own, _)| *own).ok()
    }

    pub(in crate::understand) fn values(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|(_, weight)| *weight)
    }

    /// The rows that are worth so much, in catalogue order.
    pub(in crate::understand) fn at_least(&self, least: u32) -> Vec<usize> {
        let rows = self.0.iter().filter(|(_, weight)| *weight >= least);
        rows.map(|(at, _)| *at).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Weights;

    #[test]
    fn k12_weights_add_up_as_in_a_map() {
        let lists = [
            vec![(7, 2), (3, 5), (7, 10), (3, 2)],
            vec![(3, 10), (4, 2)],
            Vec::new(),
            vec![(9, 5), (7, 5), (7, 5)],
        ];
        for count in 0..=lists.len() {
            let mut sums: BTreeMap<usize, u32> = BTreeMap::new();
            let mut all = Vec::new();
            for list in lists.iter().take(count) {
                let mut own: BTreeMap<usize, u32> = BTreeMap::new();
                for (at, weight) in list {
                    let known = own.entry(*at).or_default();
                    *known = (*known).max(*weight);
                }
                for (at, weight) in &own {
                    *sums.entry(*at).or_default() += weight;
                }
                all.push(Weights::highest(list.clone()));
            }
            let mut added = Weights::sum(&all);
            assert_eq!(added.0, sums.clone().into_iter().collect::<Vec<_>>());
            assert_eq!(added.values().max(), sums.values().max().copied());
            for at in 0..10 {
                assert_eq!(added.get(at), sums.get(&at).copied());
                assert_eq!(added.get_mut(at).copied(), sums.get(&at).copied());
            }
            let best = sums.iter().filter(|(_, weight)| **weight >= 10);
            let best: Vec<usize> = best.map(|(at, _)| *at).collect();
            assert_eq!(added.at_least(10), best);
        }
    }
}
