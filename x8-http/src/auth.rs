//! Tokens and passwords (S1, S2).

mod password;
mod token;

pub use password::{COST, Passwords, check_new};
pub use token::{ACCESS_LIFE, Claims, REFRESH_LIFE, Refresh, TokenKind, Tokens};
