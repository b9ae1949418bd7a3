//! How fast files are imported, full validation included.
#![expect(
    clippy::disallowed_types,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "it makes its own files; nothing of it is in the library"
)]

use divan::{Bencher, counter::ItemsCount};
use x8_core::{
    catalog::Kind,
    import::{ImportOptions, import},
};

#[path = "import/files.rs"]
mod files;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10)]
fn csv_100_000_rows(bencher: Bencher<'_, '_>) {
    let file = files::csv(100_000, 0);
    let options = ImportOptions::new(Kind::Product);
    bencher
        .counter(ItemsCount::new(100_000_usize))
        .bench(|| import(file.as_bytes(), &options).unwrap());
}

#[divan::bench(sample_count = 10)]
fn xlsx_20_000_rows(bencher: Bencher<'_, '_>) {
    let file = files::xlsx(20_000).unwrap();
    let options = ImportOptions::new(Kind::Product);
    bencher
        .counter(ItemsCount::new(20_000_usize))
        .bench(|| import(&file, &options).unwrap());
}
