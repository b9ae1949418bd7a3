//! Finding links and e-mail addresses in words.

use unicode_normalization::UnicodeNormalization;

use super::letter::{is_alphabetic, is_alphanumeric};
use crate::bytes;

/// Endings that make a bare `name.ending` a link. Short words of customers' languages need a path or `www.`.
const ENDINGS: [&str; 34] = [
    "com", "net", "org", "eu", "io", "app", "shop", "store", "info", "biz", "link", "online",
    "site", "ru", "uk", "de", "fr", "pt", "nl", "pl", "ua", "ly", "gg", "me", "cc", "tv", "xyz",
    "top", "es", "it", "co", "ai", "pay", "test",
];
const ALSO_WORDS: [&str; 7] = ["es", "it", "me", "de", "co", "top", "pay"];

/// Every link of a text, as written; disguised ones as they are meant.
pub(super) fn find(text: &str) -> Vec<String> {
    let mut found = words(text);
    if let Some(meant) = undisguised(text) {
        found.extend(words(&meant));
    }
    found
}

/// `evil[.]org`, `evil dot com` and `https ://…` with their signs in place; absent when nothing is disguised.
fn undisguised(text: &str) -> Option<String> {
    const SIGNS: [(&str, &str); 22] = [
        ("[.]", "."),
        ("(.)", "."),
        ("{.}", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        (" dot ", "."),
        (" punkt ", "."),
        (" slash ", "/"),
        (" ://", "://"),
        (" barra ", "/"),
        ("(at)", "@"),
        ("[at]", "@"),
        (" (at) ", "@"),
        (" arroba ", "@"),
        (" chiocciola ", "@"),
        (" собака ", "@"),
        ("[точка]", "."),
        ("(точка)", "."),
        ("(punto)", "."),
        ("(punkt)", "."),
        ("(ponto)", "."),
        ("(point)", "."),
    ];
    // Full-width letters and points read like any others.
    let wide = is_wide(text);
    let mut meant = if wide {
        text.nfkc()
            .collect::<String>()
            .replace('\u{3002}', ".")
            .to_lowercase()
    } else {
        text.to_lowercase()
    };
    let mut changed = wide;
    for (disguise, sign) in SIGNS {
        if meant.contains(disguise) {
            meant = meant.replace(disguise, sign);
            changed = true;
        }
    }
    for (point, endings) in POINTS {
        if !meant.contains(point) {
            continue;
        }
        for ending in endings.split(' ') {
            let spelled = format!("{point}{ending}");
            if let Some(whole) = whole_word(&meant, &spelled) {
                meant.replace_range(whole, &format!(".{ending}/"));
                changed = true;
            }
        }
    }
    changed.then_some(meant)
}

/// Words for the point, each before the endings that no sentence of its language has behind it.
const POINTS: [(&str, &str); 6] = [
    (" dot ", "it es me co"),
    (" point ", "com net org fr eu be ch shop"),
    (" punto ", "com net org it eu info shop"),
    (" ponto ", "com net org pt eu br shop"),
    (" точка ", "ру рф com ru ком нет net org"),
    (" тчк ", "ру рф com ru"),
];

/// Where a spelled point and ending stand with nothing more behind them.
fn whole_word(text: &str, spelled: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find(spelled)?;
    let end = start + spelled.len();
    let next = text.get(end..).and_then(|rest| rest.chars().next());
    next.is_none_or(|c| !is_alphanumeric(c))
        .then_some(start..end)
}

/// Whether some letters or points are full-width ones.
fn is_wide(text: &str) -> bool {
    let wide = |c| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3002}' | '\u{2024}');
    // Their first bytes; most texts hold few.
    let begins = |byte: u8| (byte == 0xe2) | (byte == 0xe3) | (byte == 0xef);
    bytes::find(text.as_bytes(), begins).is_some() && text.contains(wide)
}

/// Words that stand for the signs of a link.
pub(super) const DISGUISES: [&str; 13] = [
    "dot",
    "punkt",
    "slash",
    "point",
    "punto",
    "ponto",
    "точка",
    "тчк",
    "barra",
    "arroba",
    "chiocciola",
    "собака",
    "at",
];

/// Whether a link can stand in a text without one of the [`DISGUISES`]: a dot or colon inside a word, figures
/// aside, or full-width letters.
pub(super) fn may_stand_in(text: &str) -> bool {
    is_wide(text) || may_stand_in_plain(text)
}

/// The same of a text without full-width letters.
pub(super) fn may_stand_in_plain(text: &str) -> bool {
    if text.contains('@') {
        return true;
    }
    let mut rest = text;
    while let Some(at) = bytes::find(rest.as_bytes(), |byte| (byte == b'.') | (byte == b':')) {
        let (_, from) = rest.split_at_checked(at).unwrap_or_default();
        let behind = from.get(1..).unwrap_or_default();
        let figure = from.starts_with('.');
        let end = if figure {
            behind.trim_start_matches(|c: char| c.is_ascii_digit())
        } else {
            behind
        };
        let stops = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ')');
        if !end.is_empty()
            && !(end.starts_with(stops)
                && (end.len() < behind.len() || end.starts_with(char::is_whitespace)))
        {
            return true;
        }
        rest = behind;
    }
    false
}

fn words(text: &str) -> Vec<String> {
    let outside = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>'
                    | '"'
                    | '('
                    | ')'
                    | '['
                    | ']'
                    | '«'
                    | '»'
                    | '“'
                    | '”'
                    | ','
                    | ';'
                    | '*'
                    | '|'
            )
    };
    text.split(outside)
        .map(|word| word.trim_matches(['.', '!', '?', ':', '\'', '`', '_', '…']))
        .filter(|word| is_link(word))
        .map(str::to_owned)
        .collect()
}

fn is_link(word: &str) -> bool {
    let lower = word.to_lowercase();
    const SCHEMES: [&str; 5] = ["javascript:", "data:", "mailto:", "tel:", "file:"];
    let schemed = SCHEMES.iter().any(|scheme| lower.starts_with(scheme));
    if lower.contains("://") || lower.starts_with("www.") || (schemed && lower.len() > 11) {
        return true;
    }
    if let Some(handle) = lower.strip_prefix('@') {
        let letter = |c: char| is_alphanumeric(c) || matches!(c, '_' | '.');
        return handle.len() > 2 && handle.starts_with(is_alphabetic) && handle.chars().all(letter);
    }
    let (host, path) = match lower.split_once('/') {
        Some((host, _)) => (host.to_owned(), true),
        None => (lower.clone(), false),
    };
    let (mailbox, host) = match host.split_once('@') {
        Some((_, host)) => (true, host.to_owned()),
        None => (false, host),
    };
    let host = host.split([':', '?', '#']).next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let Some((ending, names)) = labels.split_last() else {
        return false;
    };
    let well_formed =
        |label: &&str| !label.is_empty() && label.chars().all(|c| is_alphanumeric(c) || c == '-');
    let letters = ending.chars().any(is_alphabetic);
    if names.is_empty() || !names.iter().all(well_formed) || !letters {
        return false;
    }
    // An ending nobody knows is one where a path follows.
    let unknown = path
        && ending.len() > 3
        && ending.bytes().all(|b| b.is_ascii_lowercase())
        && names.iter().any(|name| name.len() > 2);
    let known = unknown || ENDINGS.contains(ending) || matches!(*ending, "рф" | "ру" | "ком");
    // Nobody begins a sentence with a small letter, so a small ending behind a point is no word.
    let small = word.ends_with(&format!(".{ending}")) && names.iter().all(|name| name.len() > 3);
    let sure = small || path || mailbox || names.len() > 1 || !ALSO_WORDS.contains(ending);
    (known && sure) || mailbox
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DISGUISES, find, may_stand_in};

    proptest! {
        #[test]
        fn g13_no_link_is_passed_over(
            parts in proptest::collection::vec(
                prop_oneof!["[a-z0-9.:/@ ()\\[\\]-]{0,8}", Just("www.".to_owned()), Just("evil.com".to_owned()),
                    Just("a@b.1c".to_owned()), Just(" 29.90 ".to_owned()), Just("https ://x.y".to_owned()),
                    Just("mailto:someone".to_owned()), Just(" dot ".to_owned())], 0..8)
        ) {
            let text = parts.concat();
            let disguised = DISGUISES.iter().any(|word| text.contains(word));
            prop_assert!(find(&text).is_empty() || disguised || may_stand_in(&text), "{}", text);
        }
    }
}
