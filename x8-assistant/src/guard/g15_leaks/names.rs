//! Names and ids of machines: `some_field`, `price_1Nabc…`, `sk-…`, keys and tokens, companies' public ids.

use x8_core::Sku;

use super::super::{letter::is_alphanumeric, links, look::Look, page::Sentence, work::Work};

/// How ids and keys of payment providers, models and platforms begin.
const ISSUED: [&str; 10] = [
    "sk-", "pk-", "xoxb-", "ghp_", "eyJ", "EAA", "AKIA", "whsec_", "AIza", "sk_",
];

/// The least length of a key.
const SHORTEST_KEY: usize = 16;

pub(super) fn leak(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    if !may_hold(sentence) {
        return false;
    }
    let outside = |c: char| !(is_alphanumeric(c) || matches!(c, '_' | '-' | '@' | '.' | '/' | ':'));
    sentence.split(outside).any(|word| {
        let word = word.trim_matches(['.', ':', '/', '-']);
        (is_snake(word) && !is_own(work, word)) || is_key(word) || is_uuid(word) || is_company(word)
    })
}

/// Whether one of them can stand in a sentence: each has an underscore, or is long with a figure or a dash, or begins with
/// the four letters of companies.
fn may_hold(sentence: &Sentence<'_>) -> bool {
    let long = |chunk: &[u8]| {
        chunk.len() >= SHORTEST_KEY && chunk.iter().any(|b| b.is_ascii_digit() || *b == b'-')
    };
    sentence.looks(Look::UNDERSCORE)
        || (sentence.looks(Look::NUMERIC)
            && sentence
                .split('C')
                .skip(1)
                .any(|rest| rest.starts_with("OMP")))
        || (sentence.looks(Look::NUMERIC.or(Look::DASH))
            && sentence.as_bytes().split(|b| *b == b' ').any(long))
}

/// `total_sum`, `cus_Nabc…`: a mark inside a word that no people write. Handles and links are something else.
fn is_snake(word: &str) -> bool {
    let outer = word.trim_matches('_');
    let inner = outer
        .split_once('_')
        .is_some_and(|(head, tail)| ends_in_letter(head) && starts_in_letter(tail));
    inner && !word.contains(['@', '/', '.'])
}

fn ends_in_letter(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_alphanumeric)
}

fn starts_in_letter(text: &str) -> bool {
    text.chars().next().is_some_and(is_alphanumeric)
}

/// Keys of rows, and what the customer wrote.
fn is_own(work: &Work<'_>, word: &str) -> bool {
    work.row(&Sku::from(word)).is_some()
        || work.context.customer_text.contains(word)
        || !links::find(word).is_empty()
}

fn is_key(word: &str) -> bool {
    word.len() >= SHORTEST_KEY
        && ISSUED.iter().any(|head| word.starts_with(head))
        && word.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_uuid(word: &str) -> bool {
    let lengths = word.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && word
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// `COMP017`: how companies are named in public ids.
fn is_company(word: &str) -> bool {
    let number = word.strip_prefix("COMP");
    number
        .is_some_and(|number| number.len() >= 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
}
