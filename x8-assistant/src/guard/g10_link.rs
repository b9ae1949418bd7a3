//! G10: a payment link only with a complete order (O4); then the words hold no further question and no upsell.
//!
//! Without a link, the words may not pretend that one was sent.

use super::{
    Rule,
    cues::Cues,
    look::Look,
    text::Edit,
    tongue::Phrase,
    work::{Work, shown},
};

pub(super) const UPSELL: [&str; 22] = [
    "would you also",
    "you might also",
    "you may also",
    "we also recommend",
    "i also recommend",
    "also recommend",
    "would you like to add",
    "add to your order",
    "как насчет",
    "также рекоменду",
    "также советуем",
    "хотите добавить",
    "не хотите ли",
    "можете также",
    "tambien le recom",
    "tambien te recom",
    "le gustaria anadir",
    "quiere anadir",
    "tambien puede",
    "mochten sie auch",
    "vous pourriez aussi",
    "potrebbe anche",
];

pub(super) const SENT: [&str; 52] = [
    "here is the link",
    "here is your link",
    "here's the link",
    "here's your link",
    "here is your payment",
    "here is the payment",
    "here's your payment",
    "link below",
    "i have sent you the link",
    "i've sent you the link",
    "link has been sent",
    "i am sending you the link",
    "i'm sending you the link",
    "sending you the payment link",
    "вот ссылка",
    "вот ваша ссылка",
    "ссылка ниже",
    "ссылку ниже",
    "ссылка отправлена",
    "отправил вам ссылку",
    "отправила вам ссылку",
    "отправляю ссылку",
    "отправляю вам ссылку",
    "aqui tiene el enlace",
    "aqui esta el enlace",
    "le envio el enlace",
    "te envio el enlace",
    "enlace a continuacion",
    "hier ist der link",
    "voici le lien",
    "sent you the payment link",
    "sent you your payment link",
    "hier ist der zahlungslink",
    "hier ist ihr zahlungslink",
    "hier ist ihr link",
    "voici votre lien",
    "ecco il link",
    "ecco il suo link",
    "aqui esta o link",
    "aqui tem o link",
    "le he enviado el enlace",
    "te he enviado el enlace",
    "ссылку отправил",
    "ссылку отправила",
    "ссылку выслал",
    "le ho inviato il link",
    "enviei o link",
    "ich habe ihnen den link",
    "je vous ai envoye le lien",
    "find the link below",
    "payment link below",
    "press the link",
];

pub(super) fn apply(work: &mut Work<'_>) {
    let Some(order) = &work.order else {
        return no_link_promised(work);
    };
    let summary = summary(order);
    work.edit(Rule::G10, |_, sentence| {
        let question = sentence.looks(Look::QUESTION) && is_question(sentence);
        if question || sentence.says(Cues::UPSELL) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
    if work.text().is_empty() {
        let phrase = if work.is_free() {
            Phrase::FreeConfirmed { summary }
        } else {
            Phrase::LinkFollows { summary }
        };
        work.say(work.tongue.say(&phrase));
    }
}

/// `;` asks in Greek only.
fn is_question(sentence: &str) -> bool {
    let greek = sentence
        .chars()
        .any(|c| ('\u{0370}'..='\u{03ff}').contains(&c));
    sentence.contains(['?', '？', '¿']) || (greek && sentence.trim_end().ends_with(';'))
}

fn no_link_promised(work: &mut Work<'_>) {
    if work.context.link_sent || work.context.open_order {
        return;
    }
    if !work.page().says(Cues::LINK_SENT) {
        return;
    }
    work.edit(Rule::G10, |_, sentence| {
        let claims = sentence.says(Cues::LINK_SENT) && !sentence.says(Cues::CONDITION);
        // A link to a website or video is another matter (G13).
        if claims && !sentence.says(Cues::OTHER_LINK) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

/// What else a link can lead to, folded.
pub(super) const OTHER: [&str; 8] = [
    "website",
    "video",
    "photo",
    "сайт",
    "видео",
    "фото",
    "web",
    "foto",
];

/// What is ordered and what it costs, on one line.
pub(super) fn summary(order: &super::CheckedOrder) -> String {
    let lines: Vec<String> = order
        .priced
        .lines
        .iter()
        .map(|line| format!("{} × {}", line.quantity, line.name))
        .collect();
    let total = order.priced.totals.total;
    if total.is_zero() {
        lines.join(", ")
    } else {
        format!("{} — {}", lines.join(", "), shown(total))
    }
}
