//! Old Excel workbooks.

use super::Sheet;
use crate::{
    error::{Error, ErrorKind, Result},
    import::{ImportOptions, OPERATION},
};

pub(super) fn read(_bytes: &[u8], _options: &ImportOptions) -> Result<Sheet> {
    Err(Error::new(
        ErrorKind::Unsupported,
        OPERATION,
        "this is an .xls spreadsheet",
    ))
}
