//! Links of a row (K8).

/// K8: `http` or `https`, a host without credentials before it, and nothing that ends an address early.
pub(super) fn is_web_address(text: &str) -> bool {
    let Some(rest) = ["https://", "http://"].iter().find_map(|scheme| {
        let (own, rest) = text.split_at_checked(scheme.len())?;
        own.eq_ignore_ascii_case(scheme).then_some(rest)
    }) else {
        return false;
    };
    let end = rest
        .bytes()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let host = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let hostile = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '"' | '<' | '>' | '\\' | '`')
    };
    host.chars()
        .next()
        .is_some_and(|letter| letter.is_alphanumeric() || letter == '[')
        && !host.bytes().any(|byte| byte == b'@')
        && (text.bytes().all(is_harmless) || !text.contains(hostile))
}

/// The ASCII letters that addresses are made of: a quick yes for most of them.
fn is_harmless(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'`')
}
