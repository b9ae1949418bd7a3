//! How requests are read: every refusal is FastAPI-shaped and says where and what.

mod caller;
mod form;
mod json;
mod page;
mod path;
mod query;
mod raw;
mod tenant;

pub use caller::Signed;
pub use form::{Credentials, Upload};
pub use json::{Json, from_slice};
pub use page::{DEFAULT_LIMIT, MAX_LIMIT, PageQuery, with_cursor, with_next_cursor, within};
pub use path::Path;
pub use query::Query;
pub use raw::Raw;
pub use tenant::{CompanyKey, CompanyQuery, among, company};
