//! What an answer points at among what was shown, and questions about the delivery of it (O1, O5).

use x8_core::{
    catalog::Kind,
    conversation::{Asked, Flow},
    port::TurnInput,
    text::fold,
};

use crate::understand::{Count, Heard, Intent, Lexicon, pack_sizes};

/// "Тот, что на 20 роз", "that one with 10 roses" after a list: the one of that size, not so many pieces.
pub(in crate::agenda) fn by_shown(heard: &mut Heard, input: &TurnInput, lexicon: &Lexicon) {
    const POINTS: &[&str] = &[
        "тот",
        "та",
        "ту",
        "тот,",
        "который",
        "которая",
        "которую",
        "где",
        "one",
        "el",
        "la",
        "ese",
        "esa",
        "aquel",
    ];
    let text = fold(&input.customer_text());
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    let points = words
        .by_ref()
        .take_while(|word| !word.starts_with(|letter: char| letter.is_ascii_digit()))
        .any(|word| POINTS.contains(&word));
    if !points || input.session.asked != Some(Asked::Offering) {
        return;
    }
    for wish in &mut heard.wishes {
        let Count::Pieces(pieces) = wish.count else {
            continue;
        };
        let sizes = pack_sizes(lexicon, &input.catalog, &wish.skus);
        let mut fitting = sizes
            .iter()
            .filter(|(_, size)| *size == pieces && pieces > 1);
        if let (Some((row, _)), None) = (fitting.next(), fitting.next()) {
            wish.skus = vec![row.sku.clone()];
            wish.count = Count::Implied;
        }
    }
}

/// "The wine tour" when we asked whose details are wanted.
pub(in crate::agenda) fn details_of(heard: &mut Heard, input: &TurnInput, lexicon: &Lexicon) {
    let chosen = matches!(heard.wishes.as_slice(), [wish] if wish.skus.len() == 1 && !matches!(wish.count, Count::Units(_) | Count::Pieces(_)));
    let choosing = input.session.asked == Some(Asked::Offering) && input.session.cart.is_empty();
    let company = heard.people.is_some() || heard.alone || heard.count.is_some();
    if !chosen || !choosing || company || heard.has_details() || heard.wants(Intent::Order) {
        return;
    }
    let before = input.history.iter().rev();
    let mut before = before.filter(|message| message.flow == Flow::Inbound);
    let Some(before) = before.next() else { return };
    let now = super::super::local_now(input);
    let earlier = crate::understand::understand(&before.text, &input.session, lexicon, now);
    if earlier.wants(Intent::Details) && earlier.wishes.is_empty() {
        heard.intents.insert(Intent::Details);
    }
}

/// "How long does it take?": the delivery of goods, else the duration of a service.
pub(in crate::agenda) fn delivery_time(heard: &mut Heard, input: &TurnInput) {
    if !heard.intents.remove(&Intent::DeliveryTime) {
        return;
    }
    // "How long does it take?" takes nothing.
    if heard.question && heard.wishes.is_empty() {
        heard.intents.remove(&Intent::Order);
    }
    let wished = heard.wishes.first().and_then(|wish| wish.skus.first());
    let cart = input.session.cart.first().map(|line| &line.sku);
    let spoken = wished.or(cart).or(input.session.focus.as_ref());
    let row = spoken.and_then(|sku| input.catalog.get(sku));
    let row = row.or_else(|| input.catalog.offerings().first());
    let ordered = input.order.is_some() && heard.wants(Intent::Status);
    match row.map(|row| row.kind) {
        // When an order comes tells the order.
        Some(Kind::Product) if ordered => {}
        Some(Kind::Product) => {
            let others = [Intent::Details, Intent::Status, Intent::Price, Intent::List];
            for other in others {
                heard.intents.remove(&other);
            }
            heard.intents.insert(Intent::DeliveryTime);
        }
        Some(Kind::Service) | None => {
            heard.intents.insert(Intent::Details);
        }
    }
}
