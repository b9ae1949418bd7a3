//! The private native module `x8._x8`; the public package is `python/x8`.
//!
//! Bound are use cases, not every type. Values cross as plain Python: dict, list, str, int, bytes.

use pyo3::prelude::*;

mod assistant;
mod billing;
mod catalogue;
mod channel;
mod company;
mod convert;
mod error;
mod guard;
mod interpreter;
mod model;
mod order;
mod plan;
mod prompt;
mod runtime;
mod session;
mod turn;

#[pymodule]
fn _x8(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    error::register(module)?;
    interpreter::register(module)?;
    module.add_class::<catalogue::Catalogue>()?;
    module.add_class::<catalogue::ImportResult>()?;
    module.add_class::<catalogue::Row>()?;
    module.add_class::<guard::Guard>()?;
    module.add_class::<guard::Figures>()?;
    module.add_class::<guard::Verdict>()?;
    module.add_class::<assistant::NativeAssistant>()?;
    module.add_class::<assistant::Running>()?;
    module.add_class::<model::Answer>()?;
    module.add_function(wrap_pyfunction!(catalogue::normalize_header, module)?)?;
    module.add_function(wrap_pyfunction!(catalogue::import_catalogue, module)?)?;
    module.add_function(wrap_pyfunction!(catalogue::validate_row, module)?)?;
    module.add_function(wrap_pyfunction!(channel::reply_limit, module)?)?;
    module.add_function(wrap_pyfunction!(channel::split_text, module)?)?;
    module.add_function(wrap_pyfunction!(order::order_transition, module)?)?;
    module.add_function(wrap_pyfunction!(plan::entitlements, module)?)?;
    module.add_function(wrap_pyfunction!(billing::plans, module)?)?;
    module.add_function(wrap_pyfunction!(billing::follow_subscription, module)?)?;
    module.add_function(wrap_pyfunction!(billing::verify_stripe_webhook, module)?)?;
    Ok(())
}
