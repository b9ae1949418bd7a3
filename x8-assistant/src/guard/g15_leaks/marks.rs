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
    let bare = sentence.trim().trim_matches(['.', ',']).trim();
    let system = bare
        .get(..7)
        .is_some_and(|head| head.eq_ignore_ascii_case("system:"));
    // Every mark holds one of these signs.
    (sentence.looks(Look::SIGNED) && MARKS.iter().any(|mark| sentence.contains(mark)))
        || NOTHING.iter().any(|word| bare.eq_ignore_ascii_case(word))
        || system
}
