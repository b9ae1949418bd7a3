//! Reading variables, and noting everything that is wrong with them.

use x8_core::Secret;

/// The variables, and what was wrong so far.
pub(super) struct Reader<'a> {
    pub(super) lookup: &'a dyn Fn(&str) -> Option<String>,
    pub(super) problems: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn secret(&self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    pub(super) fn parsed<T: std::str::FromStr>(
        &mut self,
        name: &str,
        default: T,
        wanted: &str,
    ) -> T {
        let Some(value) = self.text(name) else {
            return default;
        };
        value.parse().unwrap_or_else(|_| {
            self.problems
                .push(format!("{name}: `{value}` is not {wanted}"));
            default
        })
    }

    pub(super) fn address(&mut self, name: &str) -> Option<String> {
        let value = self.text(name)?;
        if value.starts_with("http://") || value.starts_with("https://") {
            return Some(value.trim_end_matches('/').to_owned());
        }
        self.problems.push(format!(
            "{name}: `{value}` must begin with http:// or https://"
        ));
        None
    }
}
