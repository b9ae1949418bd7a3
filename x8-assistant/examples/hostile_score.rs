//! Prints how the guard fares against the hostile set: class, cases, held, percentage; then every case that got through.
//!
//! ```text
//! cargo run -p x8-assistant --example hostile_score
//! ```

use std::{
    io::{self, Write},
    process::ExitCode,
};

#[path = "../tests/it/guard/case.rs"]
mod case;
#[path = "../tests/it/guard/score.rs"]
mod score;

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let rows = match score::score() {
        Ok(rows) => rows,
        Err(why) => {
            writeln!(out, "the cases cannot be read: {why}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut clean = true;
    for row in &rows {
        writeln!(out, "{row}")?;
    }
    for (name, why) in rows.last().map(|all| &all.broken).into_iter().flatten() {
        clean = false;
        writeln!(out, "- {name}\n  {why}")?;
    }
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
