//! The privacy policy: goes out once per conversation, with the first reply after the company has named one (G13).
//!
//! Models neither write it nor hear of it: the system adds it below the checked words, with a label in the customer's
//! language. The policy's own text is the owner's and stays as it is.

use unicode_segmentation::UnicodeSegmentation;
use x8_core::{conversation::Session, port::TurnInput};

use crate::guard;

/// "Privacy policy" in the languages that are detected; others read English.
const LABELS: [(&str, &str); 9] = [
    ("en", "Privacy policy"),
    ("ru", "Политика конфиденциальности"),
    ("es", "Política de privacidad"),
    ("de", "Datenschutzerklärung"),
    ("fr", "Politique de confidentialité"),
    ("it", "Informativa sulla privacy"),
    ("pt", "Política de privacidade"),
    ("uk", "Політика конфіденційності"),
    ("pl", "Polityka prywatności"),
];

/// Whether the policy goes out with this turn.
#[must_use]
pub fn is_due(input: &TurnInput) -> bool {
    !input.session.policy_sent && text(input).is_some()
}

fn text(input: &TurnInput) -> Option<&str> {
    let policy = input.company.settings.privacy_policy.as_deref()?.trim();
    (!policy.is_empty()).then_some(policy)
}

/// The words with the policy below them, within the source's limit (G2), and remembered.
pub(crate) fn add(input: &TurnInput, session: &mut Session, words: &mut String) {
    if !is_due(input) {
        return;
    }
    let Some(policy) = text(input) else { return };
    let language = session.language.as_deref().unwrap_or("en");
    let label = LABELS.iter().find(|(code, _)| *code == language);
    let label = label.map_or("Privacy policy", |(_, label)| label);
    let below = format!("\n\n{label}: {policy}");
    let limit = guard::limit(input.platform.source());
    let room = limit.saturating_sub(below.graphemes(true).count());
    if words.graphemes(true).count() > room {
        *words = guard::shorten(words, room);
    }
    words.push_str(&below);
    session.policy_sent = true;
}
