//! Writes the measured files, and imports one: time and peak memory as JSON.
//!
//! `measure_import write FOLDER` makes `products.csv`, `products.xlsx` and `large.csv` (200 MB);
//! `measure_import read FILE` imports it three times and prints the best.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "it measures time and prints it; nothing of it is in the library"
)]

use std::{error::Error, fs, path::Path, time::Instant};

use x8_core::{
    catalog::Kind,
    import::{ImportOptions, Limits, import},
};

#[path = "../benches/import/files.rs"]
mod files;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["write", folder] => write(Path::new(folder)),
        ["read", file] => read(Path::new(file)),
        _other => Err("say `write FOLDER` or `read FILE`".into()),
    }
}

fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(folder.join("products.csv"), files::csv(100_000, 0))?;
    fs::write(folder.join("products.xlsx"), files::xlsx(20_000)?)?;
    fs::write(folder.join("large.csv"), files::csv(100_000, 1_800))?;
    Ok(())
}

/// Seconds that this thread was on a processor, where the system tells them.
fn busy() -> f64 {
    let times = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = times.split(' ').next().and_then(|own| own.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

fn read(file: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(file)?;
    let options = ImportOptions {
        limits: Limits {
            bytes: usize::MAX,
            ..Limits::default()
        },
        ..ImportOptions::new(Kind::Product)
    };
    let (mut best, mut cpu) = (f64::MAX, f64::MAX);
    let mut rows = 0;
    for _ in 0..3 {
        let (start, busy) = (Instant::now(), busy());
        let read = import(&bytes, &options)?;
        best = best.min(start.elapsed().as_secs_f64());
        cpu = cpu.min(self::busy() - busy);
        rows = read.offerings.len();
        if !read.report.ok {
            return Err(read.report.to_string().into());
        }
    }
    // The most memory that the process ever held, where the system tells it.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak
        .unwrap_or("0")
        .trim()
        .trim_end_matches(" kB")
        .to_owned();
    println!(
        "{{\"rows\":{rows},\"seconds\":{best},\"cpu\":{cpu},\"file_kb\":{},\"peak_kb\":{peak}}}",
        bytes.len() / 1024
    );
    Ok(())
}
