//! G15: what is internal stays inside: field and tool names, price and channel ids, reply addresses, template marks, the
//! system prompt, card data and contacts that nobody asked for. Instructions hidden in any text cannot switch off another rule, because no rule reads instructions.

use x8_core::text::fold;

use super::{
    Rule,
    text::{Edit, has_any},
    work::Work,
};

mod cards;
mod contacts;

/// Names that no customer ever needs, folded.
const INTERNAL: [&str; 47] = [
    "send_payment_link",
    "units_to_buy",
    "total_sum",
    "products_sum",
    "delivery_sum",
    "free_delivery",
    "recipient_phone_number",
    "client_name",
    "order_description",
    "payment_reminder",
    "stripe_lang",
    "change_payment_status",
    "payment_status",
    "payment_link_sent",
    "no_payment_link",
    "instance_id",
    "stock_units",
    "slots_available",
    "price_id",
    "delivery_id",
    "price_eur",
    "logistics_price_eur",
    "travel_fee_eur",
    "free_travel_threshold",
    "delivery_time_hours",
    "supplier_contact",
    "specialist_contact",
    "imageurl",
    "videourl",
    "lineitems",
    "shippingrate",
    "search_offerings",
    "get_session",
    "getproducts",
    "getsessions",
    "privacypolicysent",
    "system prompt",
    "system message",
    "my instructions",
    "hidden instructions",
    "системный промпт",
    "системная инструкция",
    "мои инструкции",
    "prompt del sistema",
    "mis instrucciones",
    "as an ai language model",
    "supabase",
];

/// Ids shorter than this could be ordinary words.
const SHORTEST_ID: usize = 6;

pub(super) fn apply(work: &mut Work<'_>) {
    work.edit(Rule::G15, |work, sentence| {
        if leaks(work, sentence) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

fn leaks(work: &Work<'_>, sentence: &str) -> bool {
    let folded = fold(sentence);
    if has_any(&folded, &INTERNAL)
        || sentence.contains("{{")
        || sentence.contains("{%")
        || sentence.contains("\":")
        || cards::tells(&folded)
        || contacts::tells(work, &folded)
    {
        return true;
    }
    let context = [
        work.context.token.as_str(),
        work.context.instance_id.as_str(),
    ];
    // On most platforms token and sender are the same; a customer's own number is no secret to them.
    let context = context
        .into_iter()
        .filter(|id| *id != work.context.sender && *id != work.phone);
    let ids = work
        .catalog
        .offerings()
        .iter()
        .flat_map(|row| [row.price_id.as_deref(), row.delivery_id.as_deref()])
        .flatten();
    ids.chain(context)
        .any(|id| id.chars().count() >= SHORTEST_ID && sentence.contains(id))
}
