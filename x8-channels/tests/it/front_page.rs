//! What the front page says is what the code does.

use x8_channels::{platform_limit, reply_limit, waha};
use x8_core::channel::Platform;

const README: &str = include_str!("../../README.md");

fn rows(heading: &str) -> Vec<Vec<String>> {
    let after = README.split_once(heading).map_or("", |(_, rest)| rest);
    let section = after.split("\n## ").next().unwrap_or_default();
    section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| --"))
        .skip(1)
        .map(|line| {
            let cells = line.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

#[test]
fn h4_the_limits_table_is_the_code() {
    let want: Vec<Vec<String>> = Platform::ALL
        .into_iter()
        .map(|platform| {
            let limit = platform_limit(platform);
            let unit = format!("{:?}", limit.unit).to_lowercase();
            vec![
                platform.to_string(),
                reply_limit(platform.source()).to_string(),
                format!("{} {unit}", limit.max),
            ]
        })
        .collect();
    assert_eq!(rows("## Limits"), want);
}

#[test]
fn w1_the_capability_table_is_the_code() {
    let want: Vec<Vec<String>> = waha::CAPABILITIES
        .into_iter()
        .map(|(what, can)| vec![what.to_owned(), if can { "yes" } else { "no" }.to_owned()])
        .collect();
    assert_eq!(rows("## Capabilities"), want);
}
