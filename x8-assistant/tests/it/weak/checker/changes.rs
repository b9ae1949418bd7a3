//! Nothing may happen that the customer's words do not explain: what code alone would decide, or less.

use x8_assistant::contract::Reply;
use x8_core::{
    cart::price,
    conversation::Session,
    order::Area,
    port::{Answer, Decision, Draft, TurnInput},
};

use crate::prompt::scenes::planned;

pub(super) fn wrong(input: &TurnInput, expected: &Answer, answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    match (&answer.decision, &expected.decision) {
        (Decision::Inform, _) => {}
        (Decision::Checkout(one), Decision::Checkout(other)) if same(one, other) => {}
        (got, wanted) if got == wanted => {}
        (got, wanted) => wrong.push(format!("state: {got:?} where code decides {wanted:?}")),
    }
    wrong.extend(session(input, expected, answer));
    match serde_json::from_value::<Reply>(answer.reply.clone()) {
        Ok(reply) => wrong.extend(contract(input, answer, &reply)),
        Err(error) => wrong.push(format!("the contract is broken: {error}")),
    }
    wrong
}

fn same(one: &Draft, other: &Draft) -> bool {
    let told = |draft: &Draft| {
        let Draft {
            cart,
            area,
            client_name,
            recipient_phone,
            wished_start,
            ..
        } = draft.clone();
        (cart, area, client_name, recipient_phone, wished_start)
    };
    told(one) == told(other)
}

/// What is remembered is what code heard, whatever the model says that it heard.
fn session(input: &TurnInput, expected: &Answer, answer: &Answer) -> Option<String> {
    let bare = |session: &Session| Session {
        shown_images: Default::default(),
        ..session.clone()
    };
    // Of a held turn the use case keeps the session of before.
    let wanted = if answer.held {
        bare(&answer.session)
    } else if answer.decision == expected.decision {
        bare(&expected.session)
    } else {
        // An order that was not closed: all that was heard stays.
        Session {
            policy_sent: answer.session.policy_sent,
            ..bare(&planned(input.clone()).0.session)
        }
    };
    let got = bare(&answer.session);
    let mut images = answer.session.shown_images.iter();
    let shown = images.all(|sku| {
        let row = input.catalog.get(sku);
        input.session.shown_images.contains(sku)
            || row.is_some_and(|row| row.media.image.as_deref() == answer.image.as_deref())
    });
    if got != wanted {
        return Some(format!("session: {got:?} where code remembers {wanted:?}"));
    }
    (!shown).then(|| "session: an image that was not sent counts as shown".to_owned())
}

fn contract(input: &TurnInput, answer: &Answer, reply: &Reply) -> Vec<String> {
    let mut wrong = Vec::new();
    if (&reply.sender, &reply.token, &reply.instance_id)
        != (&input.sender.value, &input.token, &input.instance_id)
    {
        wrong.push("G16: another addressee".to_owned());
    }
    if reply.response != answer.text {
        wrong.push("the contract's words are not those that are sent".to_owned());
    }
    for (url, what) in [(&reply.imageurl, "image"), (&reply.videourl, "video")] {
        let rows = input.catalog.offerings().iter();
        let mut own = rows
            .flat_map(|row| [&row.media.image, &row.media.video])
            .flatten();
        if !url.is_empty() && !own.any(|one| one.as_str() == url) {
            wrong.push(format!("G13: no row has the {what} {url}"));
        }
    }
    wrong.extend(order(input, answer, reply));
    wrong
}

/// G3, G5, G8, G9, G10: every figure and key of the order, or none.
fn order(input: &TurnInput, answer: &Answer, reply: &Reply) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = reply
        .items
        .iter()
        .flatten()
        .flat_map(|basket| &basket.line_items);
    for line in lines.clone() {
        let row = input.catalog.get(&line.sku);
        if row.is_none_or(|row| line.price != row.price_id.as_deref().unwrap_or_default()) {
            wrong.push(format!("G5: no row explains the item {line:?}"));
        }
    }
    let Decision::Checkout(draft) = &answer.decision else {
        let sums = [reply.total_sum, reply.products_sum, reply.delivery_sum];
        if reply.items.is_some()
            || reply.send_payment_link
            || sums.iter().any(|sum| sum.minor() != 0)
            || reply.units_to_buy != 0
        {
            wrong.push("G10: an order in the contract where none is closed".to_owned());
        }
        return wrong;
    };
    let Ok(priced) = price(
        &input.catalog,
        &draft.cart,
        matches!(draft.area, Area::Place(_)),
    ) else {
        return vec!["G3: an order that has no price".to_owned()];
    };
    let totals = priced.totals;
    let sums = (reply.total_sum, reply.products_sum, reply.delivery_sum);
    if sums != (totals.total, totals.products, totals.delivery) {
        wrong.push(format!("G3: sums {sums:?} for {totals:?}"));
    }
    let ordered: Vec<_> = draft
        .cart
        .iter()
        .map(|line| (&line.sku, line.quantity))
        .collect();
    if lines
        .map(|line| (&line.sku, line.quantity))
        .collect::<Vec<_>>()
        != ordered
    {
        wrong.push(format!("G5: items {:?} for {ordered:?}", reply.items));
    }
    if reply.send_payment_link != (totals.total.minor() > 0) {
        wrong.push("G10: a link without an order, or an order without its link".to_owned());
    }
    let who = (&reply.client_name, &reply.recipient_phone_number);
    if who != (&draft.client_name, &draft.recipient_phone) {
        wrong.push(format!("G9: {who:?} is nobody the customer named"));
    }
    wrong
}
