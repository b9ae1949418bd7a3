//! Any bytes as a delimited text file: read or refused, never a panic, and nothing half-loads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use x8_core::{
    catalog::Kind,
    import::{ImportOptions, import},
};

fuzz_target!(|bytes: &[u8]| {
    for kind in [Kind::Product, Kind::Service] {
        if let Ok(import) = import(bytes, &ImportOptions::new(kind)) {
            assert_eq!(import.report.ok, !import.offerings.is_empty());
            assert_eq!(import.offerings.len(), import.report.rows.len());
        }
    }
});
