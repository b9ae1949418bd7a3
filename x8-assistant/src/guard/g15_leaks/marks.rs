//! Marks of templates, of the formats models are trained on, and of objects.

/// What only machines write.
const MARKS: [&str; 16] = [
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
];

/// Sentences that are a machine's word for nothing.
const NOTHING: [&str; 6] = [
    "undefined",
    "null",
    "none",
    "nan",
    "[object object]",
    "system:",
];

pub(super) fn stand_in(sentence: &str) -> bool {
    let bare = sentence.trim().trim_end_matches('.');
    let system = bare
        .get(..7)
        .is_some_and(|head| head.eq_ignore_ascii_case("system:"));
    // Every mark holds one of these signs.
    let signed = sentence.contains(['{', '}', '%', '"', '|', '[', '<', '#', '(']);
    (signed && MARKS.iter().any(|mark| sentence.contains(mark)))
        || NOTHING.iter().any(|word| bare.eq_ignore_ascii_case(word))
        || system
}
