//! Companies' own accounts at the provider, to which their customers pay (P3).
//!
//! [`ConnectedAccounts`] is the port: what the provider can do about an account. [`AccountBook`] remembers which company has
//! which account and where it stands, in [`Documents`](x8_core::port::Documents) with optimistic versions. No order of the
//! provider's events matters: whatever an event says, the account is looked at again.
//!
//! ```text
//!  onboard ── create (once per company, by key) ── link (minted on the click, good for minutes, never stored)
//!  account.updated, account.application.deauthorized, return page ── look ── remembered
//!  disconnect ── remove at the provider ── forgotten here; the account stays known as a former one of the company
//! ```

mod account;
mod book;
mod port;

pub use account::{AccountStatus, Due, NewAccount, OneTimeLink, Standing};
pub use book::{AccountBook, Known};
pub use port::{ConnectedAccounts, Transaction, TransactionPage, Transactions};
