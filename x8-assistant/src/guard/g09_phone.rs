//! G9: whose phone it may be, by channel, and nothing is ever promised to it.
//!
//! The recipient's phone is one that the customer wrote in digits, now or earlier. Only on WhatsApp may "my current
//! number" be the sender's. Anything else stays empty and the customer is asked to write it. `+` and 7–20 digits. A
//! sentence that promises codes or confirmations to that phone is removed, and one with a number that nobody gave.

use x8_core::text::fold;

use super::{
    Action, Rule,
    cues::Cues,
    lexicon::List,
    look::Look,
    text::{Edit, has_any},
    tongue::Phrase,
    work::Work,
};

mod strangers;

pub(super) fn apply(work: &mut Work<'_>) {
    let claimed = work.claims.recipient_phone_number.clone();
    let known = work.context.known.phone.as_deref().and_then(number);
    let Some(claimed) = claimed else {
        work.phone = known.unwrap_or_default();
        refuse_current_number(work);
        return;
    };
    let accepted = match number(&claimed) {
        Some(wanted) => vouched(work, &wanted, known.as_deref()),
        // "current number" in words.
        None if !claimed.contains(|c: char| c.is_ascii_digit()) => sender(work),
        None => None,
    };
    if accepted.as_deref() != Some(claimed.as_str()) {
        let action = if accepted.is_some() {
            Action::Replaced
        } else {
            Action::Removed
        };
        work.find(
            Rule::G9,
            action,
            "recipient_phone_number: not written by the customer",
        );
    }
    let unfounded = accepted.is_none();
    work.phone = accepted.or(known).unwrap_or_default();
    if unfounded {
        refuse_current_number(work);
    }
}

/// Words for the number that a customer writes from, folded.
pub(super) const CURRENT: [&str; 14] = [
    "my current number",
    "my current phone",
    "this number",
    "current number",
    "текущий номер",
    "этот номер",
    "мой номер отсюда",
    "numero actual",
    "este numero",
    "aktuelle nummer",
    "diese nummer",
    "numero actuel",
    "numero attuale",
    "numero atual",
];

/// Elsewhere than on WhatsApp, asking for "my current number" gets the explanation.
fn refuse_current_number(work: &mut Work<'_>) {
    if !work.phone.is_empty() || !work.heard(Cues::CURRENT_NUMBER) || sender(work).is_some() {
        return;
    }
    // Words that say why the number is needed in digits may stay.
    if has_any(&fold(work.text()), &EXPLAINED) {
        work.closing = false;
        work.find(Rule::G9, Action::Kept, "current number");
    } else {
        work.hold(Rule::G9, "current number", &Phrase::WritePhone);
    }
}

const EXPLAINED: [&str; 18] = [
    "not visible",
    "cannot see",
    "can't see",
    "do not see",
    "don't see",
    "in digits",
    "не виден",
    "не видно",
    "не вижу",
    "не видим",
    "цифрами",
    "no es visible",
    "no puedo ver",
    "no podemos ver",
    "no veo",
    "con cifras",
    "en cifras",
    "con numeros",
];

/// The claimed number as the customer wrote it, when somebody other than the model vouches for it.
fn vouched(work: &Work<'_>, wanted: &str, known: Option<&str>) -> Option<String> {
    let digits = |text: &str| text.trim_start_matches('+').to_owned();
    let same = |other: &str| digits(other) == digits(wanted);
    // Longer than what was written: the model added a country code nobody gave.
    let extends = |other: &str| digits(wanted).ends_with(&digits(other));
    let written = numbers(&work.context.customer_text);
    let own = sender(work);
    let all: Vec<&str> = written
        .iter()
        .map(String::as_str)
        .chain(known)
        .chain(own.as_deref())
        .collect();
    // WhatsApp gives the sender's number without its `+`, or in a chat id.
    if let Some(own) = own.as_deref().filter(|own| same(own)) {
        return Some(own.to_owned());
    }
    let exact = all.iter().find(|other| same(other));
    exact
        .or_else(|| all.iter().find(|other| extends(other)))
        .map(|other| if same(other) { wanted } else { other })
        .map(str::to_owned)
}

/// The sender's own number: on WhatsApp only, and only when the chat id is a number rather than a hidden id.
fn sender(work: &Work<'_>) -> Option<String> {
    if fold(&work.context.source) != "whatsapp" || work.context.sender.contains("@lid") {
        return None;
    }
    let head = work.context.sender.split(['@', ':', '|']).next()?;
    number(head).map(|number| format!("+{}", number.trim_start_matches('+')))
}

/// A number in canonical form: an optional `+` and 7–20 digits.
fn number(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '.' | '/' | '\u{2011}'))
        .collect();
    let kept = match kept.strip_prefix("00") {
        Some(rest) if rest.len() >= 7 => format!("+{rest}"),
        Some(_) | None => kept,
    };
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    let valid = (7..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    valid.then_some(kept)
}

/// Every number that a text holds in digits.
fn numbers(text: &str) -> Vec<String> {
    let part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '/');
    let mut found = Vec::new();
    for run in text.split(|c: char| !part(c)) {
        for piece in std::iter::once(run).chain(run.split(['+', '/'])) {
            found.extend(number(piece.trim().trim_matches(['.', '-', '(', '/'])));
        }
        found.extend(run.split_whitespace().filter_map(number));
    }
    found
}

/// Removes promises made to the phone, and numbers that nobody gave.
pub(super) fn promises(work: &mut Work<'_>) {
    let asked = work.page().says(Cues::TO_PHONE) || work.page().tells(&[List::SMS]);
    let figures = work.page().sentences().any(|one| one.looks(Look::NUMERIC));
    if !asked && !figures {
        return;
    }
    work.edit(Rule::G9, |work, sentence| {
        let promise = sentence.says(Cues::TO_PHONE) && sentence.says(Cues::CODE);
        let stranger = sentence.looks(Look::NUMERIC) && strangers::tells(work, sentence);
        if promise || stranger || sentence.hits().has(List::SMS) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

pub(super) const THERE: [&str; 44] = [
    "to your phone",
    "to your number",
    "to this number",
    "to this phone",
    "to that number",
    "to the phone",
    "to the number",
    "на ваш номер",
    "на этот номер",
    "на ваш телефон",
    "на указанный номер",
    "на номер",
    "на телефон",
    "a su numero",
    "a tu numero",
    "a su telefono",
    "a este numero",
    "an ihre nummer",
    "sur votre numero",
    "al tuo numero",
    "para o seu numero",
    "на этот телефон",
    "на ваш мобильный",
    "sobre su numero",
    "auf ihr handy",
    "auf ihr telefon",
    "auf ihre nummer",
    "an ihr handy",
    "sur votre telephone",
    "sur votre portable",
    "sur ce numero",
    "al suo numero",
    "al suo telefono",
    "sul suo telefono",
    "sul suo numero",
    "sul tuo telefono",
    "para o seu telemovel",
    "para o seu telefone",
    "no seu telemovel",
    "para este numero",
    "a su movil",
    "al numero indicado",
    "to your mobile",
    "to your cell",
];
pub(super) const THINGS: [&str; 31] = [
    "code",
    "confirm",
    "notif",
    "sms",
    "receipt",
    "verification",
    "код",
    "подтвержд",
    "уведомл",
    "смс",
    "чек",
    "codigo",
    "aviso",
    "recibo",
    "bestatig",
    "benachricht",
    "conferma",
    "avviso",
    "ссылк",
    "link",
    "recibir",
    "confirmacion",
    "confirmation",
    "confirmacao",
    "recu",
    "codice",
    "avis",
    "quittung",
    "beleg",
    "ricevuta",
    "comprovativo",
];
