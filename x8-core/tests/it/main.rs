//! Integration tests of the core.

#[cfg(test)]
mod areas;
#[cfg(test)]
mod behaviour;
#[cfg(test)]
mod channel_states;
#[cfg(test)]
mod house_rules;
#[cfg(test)]
mod import;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod memory_store;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod order_moves;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod postgres_store;
#[cfg(test)]
mod pricing;
#[cfg(test)]
mod row_edits;
#[cfg(test)]
mod search;
#[cfg(test)]
mod slots;
#[cfg(test)]
mod sqlite_store;
#[cfg(test)]
mod subscriptions;
#[cfg(test)]
mod tenancy;
#[cfg(test)]
mod version_cache;
