//! The guard against hostile and broken replies. The cases are data: `guard/*.json`.

mod cases;
mod fixture;
mod properties;
mod schema;
