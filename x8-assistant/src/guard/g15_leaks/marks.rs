//! Marks of templates, of the formats models are trained on, and of objects.

use super::super::{look::Look, page::Sentence};

/// What only machines write.
const MARKS: [&str; 22] = [
    "{{",
    "}}",
    "{%",
    "%}",
    "\":",
    "<|",
    "|>",
    "[INST]",
    "[/INST]",
    "<<SYS",
    "<think",
    "</think",
    "### System",
    "### Instruction",
    "[object",
    "Traceback (",
    // The tags that part data from text in prompts.
    "<catalogue",
    "</catalogue",
    "<behaviour",
    "</behaviour",
    "<faq",
    "</faq",
];

/// Sentences that are a machine's word for nothing.
const NOTHING: [&str; 10] = [
    "undefined",
    "null",
    "none",
    "nan",
    "[object object]",
    "system:",
    // What weak models repeat of the form they are shown.
    "words for the customer",
    "plain words for the customer",
    "word for the customer",
    "response:",
];

pub(super) fn stand_in(sentence: &Sentence<'_>) -> bool {
    if !sentence.looks(Look::SIGNED) && !may_be_nothing(sentence) {
        return false;
    }
    let bare = sentence.trim().trim_matches(['.', ',']).trim();
    let system = bare
        .get(..7)
        .is_some_and(|head| head.eq_ignore_ascii_case("system:"));
    // Every mark holds one of these signs.
    let signed = sentence.looks(Look::SIGNED);
    let torn = signed && is_torn(sentence);
    (signed && MARKS.iter().any(|mark| sentence.contains(mark)))
        || NOTHING.iter().any(|word| bare.eq_ignore_ascii_case(word))
        || system
        || torn
}

/// Whether a sentence begins like one of [`NOTHING`].
fn may_be_nothing(sentence: &str) -> bool {
    let bare = sentence.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ','));
    let first = bare.bytes().next().map(|byte| byte.to_ascii_lowercase());
    first.is_some_and(|first| {
        NOTHING
            .iter()
            .any(|word| word.as_bytes().first() == Some(&first))
    })
}

/// What is left of an object: a brace without the other one.
fn is_torn(sentence: &str) -> bool {
    let mut open = 0_u32;
    for letter in sentence.chars() {
        match letter {
            '{' => open = open.saturating_add(1),
            '}' => match open.checked_sub(1) {
                Some(rest) => open = rest,
                None => return true,
            },
            _other => {}
        }
    }
    open > 0
}
