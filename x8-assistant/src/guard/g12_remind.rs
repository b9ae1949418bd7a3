//! G12: `remind` is true unless a link was already sent and the customer complains about reminders or cancels.
//!
//! The customer's words decide where the guard can read them; in other languages the model's reading stands.

use x8_core::order::PaymentStatus;

use super::{Action, Rule, cues::Cues, work::Work};
use crate::contract::language_code;

/// Complaints and cancellations, folded.
pub(super) const OBJECTIONS: [&str; 61] = [
    "stop",
    "remind",
    "unsubscribe",
    "spam",
    "cancel",
    "leave me alone",
    "enough",
    "too many",
    "don't write",
    "do not write",
    "don't send",
    "do not send",
    "annoy",
    "changed my mind",
    "no longer",
    "don't want",
    "do not want",
    "хватит",
    "прекрат",
    "перестан",
    "не пиш",
    "не присыла",
    "отпис",
    "спам",
    "отмен",
    "надоел",
    "достал",
    "напомин",
    "передума",
    "не надо",
    "не нужн",
    "не хочу",
    "basta",
    "dejen",
    "deje de",
    "deja de",
    "no me escrib",
    "no me envi",
    "recordatorio",
    "recuerd",
    "no insist",
    "no avis",
    "cancel",
    "anul",
    "ya no",
    "no quiero",
    "pare",
    "harto",
    "aufhor",
    "erinner",
    "stornier",
    "abbestell",
    "arret",
    "rappel",
    "annul",
    "smett",
    "promemoria",
    "lembret",
    "chega",
    "molest",
    "stopp",
];

pub(super) fn apply(work: &mut Work<'_>) {
    let sent =
        work.context.link_sent || work.context.payment_status == PaymentStatus::PaymentLinkSent;
    let claimed = work.claims.remind.unwrap_or(true);
    work.remind = claimed || !sent || !objects(work);
    if claimed != work.remind {
        work.find(
            Rule::G12,
            Action::Replaced,
            "remind false without a link or an objection",
        );
    }
}

fn objects(work: &Work<'_>) -> bool {
    let language = work
        .context
        .language
        .as_deref()
        .or(work.claims.language.as_deref());
    let readable = matches!(
        language.and_then(language_code),
        None | Some("en" | "ru" | "es" | "de" | "fr" | "it" | "pt")
    );
    !readable || work.heard(Cues::OBJECTION)
}
