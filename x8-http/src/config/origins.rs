//! Which browser front ends may call.

use super::Reader;

impl Reader<'_> {
    /// A JSON list, as the FastAPI app writes it, or a list separated by commas.
    pub(super) fn origins(&mut self) -> Vec<String> {
        let Some(value) = self.text("BACKEND_CORS_ORIGINS") else {
            return Vec::new();
        };
        let listed: Vec<String> = if value.starts_with('[') {
            serde_json::from_str(&value).unwrap_or_else(|error| {
                self.problems.push(format!(
                    "BACKEND_CORS_ORIGINS: not a JSON list of strings: {error}"
                ));
                Vec::new()
            })
        } else {
            value.split(',').map(str::to_owned).collect()
        };
        let mut origins = Vec::new();
        for origin in listed
            .iter()
            .map(|origin| origin.trim().trim_end_matches('/'))
        {
            if origin.starts_with("http://") || origin.starts_with("https://") {
                origins.push(origin.to_owned());
            } else {
                self.problems.push(format!(
                    "BACKEND_CORS_ORIGINS: `{origin}` is not an origin such as https://app.example.com"
                ));
            }
        }
        origins
    }
}
