//! Percentages, in signs or words.

/// The numbers in front of a percent sign or word of a folded text; `?` for one in words.
pub(super) fn percents(folded: &str) -> Vec<String> {
    const WORDS: [&str; 9] = [
        "percent",
        "процент",
        "por ciento",
        "prozent",
        "pour cent",
        "per cento",
        "por cento",
        "per cent",
        "٪",
    ];
    // Every word of the list holds one of these syllables.
    let has = |part: &str| {
        folded
            .as_bytes()
            .windows(part.len())
            .any(|here| here == part.as_bytes())
    };
    if !has("%") && !has("ent") && !has("ент") && !has("٪") {
        return Vec::new();
    }
    let mut marked = std::borrow::Cow::Borrowed(folded);
    for word in WORDS {
        if marked.contains(word) {
            marked = marked.replace(word, "%").into();
        }
    }
    let pieces: Vec<&str> = marked.split('%').collect();
    let heads = pieces
        .split_last()
        .map(|(_, heads)| heads)
        .unwrap_or_default();
    heads
        .iter()
        .filter_map(|head| number_before(head))
        .collect()
}

fn number_before(head: &str) -> Option<String> {
    trailing_number(head).or_else(|| {
        let word = head
            .trim_end()
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()?;
        let value = super::amounts::numerals::value(word)?;
        Some(value.to_string())
    })
}

/// The figure that a text ends with.
pub(super) fn trailing_number(head: &str) -> Option<String> {
    let reversed: String = head
        .trim_end()
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .collect();
    let number: String = reversed.chars().rev().collect();
    let number = number.trim_matches(['.', ',']).replace(',', ".");
    (!number.is_empty()).then_some(number)
}
