//! The words of the guided model and of the system's own messages: templates in English, Russian and Spanish.
//!
//! One data file per language (`phrases/<code>.txt`), one `== key` per template. The register is formal, amounts come
//! formatted (`12.50 EUR`), and texts of the catalogue are shown as they are: a template cannot translate them.

use minijinja::Environment;
use serde::Serialize;
use x8_core::{Error, Result};

const FILES: [(&str, &str); 3] = [
    ("en", include_str!("../phrases/en.txt")),
    ("ru", include_str!("../phrases/ru.txt")),
    ("es", include_str!("../phrases/es.txt")),
];

/// All templates, compiled. Cheap to share behind an `Arc`; holds nothing of any tenant.
///
/// ```
/// use x8_assistant::phrases::Phrases;
/// let phrases = Phrases::new()?;
/// assert!(phrases.render("es", "reminders_stopped", &())?.contains("recordatorios"));
/// assert_eq!(phrases.render("de", "closing", &())?, phrases.render("en", "closing", &())?, "unknown: English");
/// # Ok::<(), x8_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Phrases {
    templates: Environment<'static>,
}

impl Phrases {
    /// Compiles the templates that ship with the crate.
    ///
    /// # Errors
    /// `Internal` when a template does not compile; a test makes sure that none does.
    pub fn new() -> Result<Self> {
        let mut templates = Environment::new();
        for (code, file) in FILES {
            for (key, text) in sections(file) {
                templates
                    .add_template_owned(format!("{code}/{key}"), text)
                    .map_err(|error| {
                        Error::internal("phrases.compile", error)
                            .with("template", format!("{code}/{key}"))
                    })?;
            }
        }
        Ok(Self { templates })
    }

    /// Renders a template in a language; an unknown language falls back to English.
    ///
    /// # Errors
    /// `Internal` when there is no such template or a value is missing in a way it cannot cope with.
    pub fn render(&self, language: &str, key: &str, values: &impl Serialize) -> Result<String> {
        let code = spoken(language);
        let template = self.templates.get_template(&format!("{code}/{key}"));
        let text = template.and_then(|template| template.render(minijinja::value::Serde(values)));
        let text = text.map_err(|error| {
            Error::internal("phrases.render", error).with("template", format!("{code}/{key}"))
        })?;
        Ok(text.trim().to_owned())
    }

    /// The version of the texts of a language.
    #[must_use]
    pub fn version(&self, language: &str) -> String {
        self.render(language, "version", &()).unwrap_or_default()
    }
}

/// The language whose templates are used: `en`, `ru` or `es`.
#[must_use]
pub fn spoken(language: &str) -> &'static str {
    FILES
        .iter()
        .map(|(code, _)| *code)
        .find(|code| *code == language)
        .unwrap_or("en")
}

/// The `== key` sections of a data file.
pub(crate) fn sections(file: &'static str) -> impl Iterator<Item = (String, String)> {
    file.split("\n== ").filter_map(|section| {
        let section = section.strip_prefix("== ").unwrap_or(section);
        let (key, text) = section.split_once('\n')?;
        Some((key.trim().to_owned(), text.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::{FILES, sections};

    #[test]
    fn a5_every_language_has_every_template() {
        let keys = |file| sections(file).map(|(key, _)| key).collect::<Vec<_>>();
        let english = keys(FILES[0].1);
        for (code, file) in FILES {
            assert_eq!(keys(file), english, "{code}");
        }
        assert!(english.len() > 40);
    }
}
