//! Links of a row (K8).

/// K8: `http` or `https`, a host without credentials before it, and nothing that ends an address early.
pub(super) fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let hostile = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '"' | '<' | '>' | '\\' | '`')
    };
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        && host
            .chars()
            .next()
            .is_some_and(|letter| letter.is_alphanumeric() || letter == '[')
        && !host.contains('@')
        && !text.contains(hostile)
}
