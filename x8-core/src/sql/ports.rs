//! Every store port, written once and compiled for each database.
//!
//! What the databases do not agree on is in the `dialect` and `connect` modules beside the includer of this file; here
//! stands only what both understand: `$1`, `ON CONFLICT`, `RETURNING`, `= TRUE`, milliseconds in 64 bits, and casts where
//! a type is not plain. Every transaction says for whom it works (T6).

use super::dialect::{self, Column, Row, SqlStore, Tx};

pub(super) use fault::{Faults, Meaning};
pub(super) use scope::Scope;

mod accounts;
mod audit;
mod catalogs;
mod channels;
mod companies;
mod documents;
mod fault;
mod inbox;
mod jobs;
mod ledger;
mod row;
mod scope;
mod subscriptions;
mod turns;
