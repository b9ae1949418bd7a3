//! Talk about the order that was made: paying, wanting it still, leaving things out (O9, O10).

use x8_core::{
    order::{OrderState, PaymentStatus},
    port::TurnInput,
    text::fold,
};

use crate::understand::{Heard, Intent};

/// "Forget the card" leaves a card out; only "cancel" itself calls everything off beside that.
pub(in crate::agenda) fn left_out(heard: &mut Heard, text: &str) {
    const PLAIN: &[&str] = &["cancel", "отмен", "аннул", "anul"];
    let text = fold(text);
    if !heard.unwanted.is_empty() && !PLAIN.iter().any(|word| text.contains(word)) {
        heard.intents.remove(&Intent::Cancel);
    }
}

/// "It was declined, I'll try another card": of paying, where a link is open.
pub(in crate::agenda) fn payment_trouble(heard: &mut Heard, input: &TurnInput, text: &str) {
    const TROUBLE: &[&str] = &[
        "declined",
        "rejected",
        "didn't go through",
        "did not go through",
        "payment fail",
        "link doesn't work",
        "link does not work",
        "different card",
        "try another card",
        "with another card",
        "rechaz",
        "otra tarjeta",
        "no me deja pagar",
        "no funciona el enlace",
        "другой карт",
        "другую карт",
        "отклон",
        "не проходит",
        "не прошл",
    ];
    let link = input.payment_status == PaymentStatus::PaymentLinkSent;
    let text = fold(text);
    if !link || !TROUBLE.iter().any(|phrase| text.contains(phrase)) {
        return;
    }
    heard.wishes.clear();
    heard.intents.clear();
    heard.intents.insert(Intent::Pay);
}

/// "I still want it, send me another link": the order whose link expired, again.
pub(in crate::agenda) fn still_wanted(heard: &mut Heard, input: &TurnInput, text: &str) {
    const STILL: &[&str] = &[
        "still want",
        "another link",
        "new link",
        "send the link",
        "link again",
        "otro enlace",
        "nuevo enlace",
        "enlace nuevo",
        "otro link",
        "todavia lo quiero",
        "todavia la quiero",
        "aun lo quiero",
        "aun la quiero",
        "sigo queriendo",
        "новую ссылку",
        "еще раз ссылку",
        "ссылку еще раз",
        "пришлите ссылку",
        "все еще хочу",
        "все еще нуж",
        "еще актуал",
    ];
    let expired = input
        .order
        .as_ref()
        .is_some_and(|order| order.state == OrderState::Expired);
    let text = fold(text);
    if expired && heard.wishes.is_empty() && STILL.iter().any(|phrase| text.contains(phrase)) {
        heard.intents.remove(&Intent::Pay);
        heard.intents.remove(&Intent::Add);
        heard.intents.insert(Intent::Repeat);
    }
}
