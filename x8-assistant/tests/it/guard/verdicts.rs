//! Recorded verdicts: the command line, HTTP and Python are held to the same file.

use serde_json::Value;
use x8_assistant::guard::{Context, Guard};
use x8_core::{
    catalog::{Catalog, Kind},
    import::{ImportOptions, import},
};

#[test]
fn g1_g3_g4_verdicts_are_as_recorded() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("verdicts.json")).unwrap();
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/guard/hostile/catalogues");
    for case in cases {
        let kind = match case["type"].as_str() {
            Some("service") => Kind::Service,
            _product => Kind::Product,
        };
        let bytes = std::fs::read(folder.join(case["catalogue"].as_str().unwrap())).unwrap();
        let read = import(&bytes, &ImportOptions::new(kind)).unwrap();
        let guard = Guard::new(Catalog::detached(read.offerings.to_vec()).into());
        let context: Context = serde_json::from_value(case["context"].clone()).unwrap();
        let raw = case["reply"]
            .as_str()
            .map_or_else(|| case["reply"].to_string(), str::to_owned);
        let verdict = serde_json::to_value(guard.check(&raw, &context)).unwrap();
        assert_eq!(verdict, case["verdict"], "{raw}");
    }
}
