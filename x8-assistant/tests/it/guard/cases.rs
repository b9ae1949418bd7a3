//! Runs the tables of hand-picked cases.

use x8_assistant::guard::Guard;

use super::{
    case::{Case, judge},
    fixture,
};

fn table(text: &str, least: usize) {
    let cases: Vec<Case> = serde_json::from_str(text).unwrap();
    assert!(cases.len() >= least, "only {} cases", cases.len());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let judged = fixture::catalog(&case.catalog)
                .ok_or_else(|| "unknown catalogue".to_owned())
                .and_then(|catalog| judge(case, &Guard::new(catalog.into())));
            judged.err().map(|why| format!("{}: {why}", case.name))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn g1_broken_output_is_mended_or_refused() {
    table(include_str!("g01_parse.json"), 20);
}

#[test]
fn g3_g5_g7_g8_g9_g10_orders_are_recomputed() {
    table(include_str!("orders.json"), 20);
}

#[test]
fn g4_unexplained_amounts_never_go_out() {
    table(include_str!("g04_amounts.json"), 30);
}

#[test]
fn g2_g6_g11_to_g16_words_are_checked() {
    table(include_str!("words.json"), 20);
}

#[test]
fn g4_g5_g7_a8_a9_what_a_tester_got_through_goes_out_no_more() {
    table(include_str!("black_box.json"), 45);
}
