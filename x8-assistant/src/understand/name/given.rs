//! Given names that many people bear: they tell a name where only its letters speak for it (O4).

use std::{collections::HashSet, sync::LazyLock};

static GIVEN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("given.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Whether a folded word is such a name.
pub(in crate::understand) fn is_given(folded: &str) -> bool {
    GIVEN.contains(folded)
}
