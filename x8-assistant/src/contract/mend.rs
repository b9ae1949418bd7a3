//! What was wrong with a model's output and could be read in one way only (G1).

use std::fmt;

/// One mend.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mend {
    /// The contract key, or empty for the output as a whole.
    pub key: String,
    /// What was wrong with it.
    pub what: &'static str,
}

impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            f.write_str(self.what)
        } else {
            write!(f, "{}: {}", self.key, self.what)
        }
    }
}
