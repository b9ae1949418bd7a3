//! Any text as a price: when it is accepted, its digits are the digits of the amount.
#![no_main]

use libfuzzer_sys::fuzz_target;
use x8_core::{
    catalog::Kind,
    import::{ImportOptions, import},
};

fuzz_target!(|text: &str| {
    if text.contains(['"', '\t', '\r', '\n']) {
        return;
    }
    let file = format!("name\tdescription\tprice\nA\tb\t{text}\n");
    let Ok(import) = import(file.as_bytes(), &ImportOptions::new(Kind::Product)) else {
        return;
    };
    let Some(row) = import.offerings.first() else {
        return;
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let written = digits(text);
    let written = written.trim_start_matches('0').trim_end_matches('0').to_owned();
    let read = digits(&row.price.digits());
    assert_eq!(read.trim_start_matches('0').trim_end_matches('0'), written, "{text:?}");
});
