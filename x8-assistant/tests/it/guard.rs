//! The guard against hostile and broken replies. The cases are data: `guard/*.json` and `guard/hostile/*.json`.

mod amounts;
mod case;
mod cases;
mod fixture;
mod hostile;
mod properties;
mod schema;
mod score;
mod verdicts;
