//! Handlers: parse, call one port or use case, present.

pub mod assistant;
pub mod auth;
pub mod calendar;
pub mod companies;
pub mod connect;
pub mod conversations;
pub mod health;
pub mod integrations;
pub mod knowledge_base;
pub mod orders;
pub mod paid;
pub mod sandbox;
pub mod subscriptions;
pub mod support;
pub mod webhooks;

use std::sync::Arc;

use axum::extract::State;

use crate::App;

/// What every handler is given.
pub(crate) type Ctx = State<Arc<App>>;
