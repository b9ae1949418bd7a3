//! Carts and their prices (O1–O7): pure functions of catalogue rows.

mod delivery;
mod pack;
mod pricing;

pub use delivery::{AreaRefusal, settle_area};
pub use pack::{PackPlan, plan_packs};
pub use pricing::{CartRefusal, Priced, price};
