//! Any bytes as a spreadsheet, within small limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use x8_core::{
    catalog::Kind,
    import::{ImportOptions, Limits, import},
};

fuzz_target!(|bytes: &[u8]| {
    let options = ImportOptions {
        limits: Limits {
            rows: 1_000,
            unpacked: 16 * 1024 * 1024,
            ..Limits::default()
        },
        ..ImportOptions::new(Kind::Product)
    };
    if let Ok(import) = import(bytes, &options) {
        assert_eq!(import.report.ok, !import.offerings.is_empty());
    }
});
