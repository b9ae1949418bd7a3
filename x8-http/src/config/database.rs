//! Where everything is stored.

use super::Reader;
use crate::store;

impl Reader<'_> {
    pub(super) fn database_url(&mut self) -> String {
        let own = self.text("X8_DATABASE_URL");
        let name = if own.is_some() {
            "X8_DATABASE_URL"
        } else {
            "DATABASE_URL"
        };
        let url = own
            .or_else(|| self.text(name))
            .unwrap_or_else(|| "sqlite://x8.db".to_owned());
        // Never repeat it: such an address carries a password.
        if store::is_postgres(&url) {
            if cfg!(not(feature = "postgres")) {
                self.problems.push(format!(
                    "{name}: this build has no PostgreSQL; build with --features postgres, or name a file as sqlite://path"
                ));
            }
        } else if !url.starts_with("sqlite:") {
            self.problems.push(format!(
                "{name}: must be sqlite://path or postgres://user:password@host/database"
            ));
        }
        url
    }
}
