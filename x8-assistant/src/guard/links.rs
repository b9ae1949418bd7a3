//! Finding links and e-mail addresses in words.

/// Endings that make a bare `name.ending` a link. Short words of customers' languages need a path or `www.`.
const ENDINGS: [&str; 34] = [
    "com", "net", "org", "eu", "io", "app", "shop", "store", "info", "biz", "link", "online",
    "site", "ru", "uk", "de", "fr", "pt", "nl", "pl", "ua", "ly", "gg", "me", "cc", "tv", "xyz",
    "top", "es", "it", "co", "ai", "pay", "test",
];
const ALSO_WORDS: [&str; 7] = ["es", "it", "me", "de", "co", "top", "pay"];

/// Every link of a text, as written.
pub(super) fn find(text: &str) -> Vec<&str> {
    if !may_hold(text) {
        return Vec::new();
    }
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
        .collect()
}

/// Whether a dot stands inside a word, or a scheme before an address: every link has one of them.
fn may_hold(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once(['.', ':']) {
        let inside = behind.starts_with(|c: char| !c.is_whitespace());
        if inside {
            return true;
        }
        rest = behind;
    }
    false
}

fn is_link(word: &str) -> bool {
    if !word.contains(['.', ':']) {
        return false;
    }
    let lower = word.to_lowercase();
    if lower.contains("://") || lower.starts_with("www.") {
        return true;
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
        |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let letters = ending.chars().any(char::is_alphabetic);
    if names.is_empty() || !names.iter().all(well_formed) || !letters {
        return false;
    }
    let known = ENDINGS.contains(ending) || *ending == "рф";
    let sure = path || mailbox || names.len() > 1 || !ALSO_WORDS.contains(ending);
    (known && sure) || mailbox
}
