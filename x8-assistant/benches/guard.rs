//! How many replies one core checks against 1,000 rows: model's JSON text in, verdict's JSON text out.
#![expect(clippy::indexing_slicing, reason = "it makes its own replies")]

use divan::{Bencher, counter::ItemsCount};
use x8_assistant::guard::Guard;

#[path = "guard/replies.rs"]
mod replies;
#[path = "guard/rows.rs"]
mod rows;

fn main() {
    divan::main();
}

const KINDS: [&str; 5] = ["", "list", "told", "checkout", "wrong"];

/// The whole mix, then each kind of it alone.
#[divan::bench(args = KINDS)]
fn whole(bencher: Bencher<'_, '_>, kind: &str) {
    let guard = Guard::new(rows::catalog(1_000));
    let mut cases = replies::mix();
    cases.retain(|case| kind.is_empty() || case.kind == kind);
    bencher
        .counter(ItemsCount::new(cases.len()))
        .bench_local(|| {
            for case in &cases {
                let verdict = guard.check(divan::black_box(&case.raw), &case.context);
                divan::black_box(serde_json::to_string(&verdict).ok());
            }
        });
}

/// Sums against rows and length alone.
#[divan::bench(args = KINDS)]
fn narrow(bencher: Bencher<'_, '_>, kind: &str) {
    let guard = Guard::new(rows::catalog(1_000));
    let mut cases = replies::mix();
    cases.retain(|case| kind.is_empty() || case.kind == kind);
    bencher
        .counter(ItemsCount::new(cases.len()))
        .bench_local(|| {
            for case in &cases {
                let found = guard.check_figures(divan::black_box(&case.raw), &case.context.source);
                divan::black_box(serde_json::to_string(&found).ok());
            }
        });
}

/// Reading the rows, once per catalogue version.
#[divan::bench(args = [1_000, 5_000], sample_count = 5, sample_size = 1)]
fn compile(bencher: Bencher<'_, '_>, rows: u32) {
    let catalog = rows::catalog(rows);
    bencher.bench_local(|| Guard::new(std::sync::Arc::clone(&catalog)));
}
