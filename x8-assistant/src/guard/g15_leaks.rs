//! G15: what is internal stays inside: field and tool names, price and channel ids, reply addresses, template marks, the
//! system prompt, card data and contacts that nobody asked for. Instructions hidden in any text cannot switch off another rule, because no rule reads instructions.

use std::collections::BTreeSet;

use x8_core::catalog::Offering;

use super::{Rule, cues::Cues, page::Sentence, terms::Terms, text::Edit, work::Work};

pub(super) mod cards;
pub(super) mod contacts;

/// Names that no customer ever needs, folded.
pub(super) const INTERNAL: [&str; 47] = [
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

/// What stands in the rows and is for nobody else.
#[derive(Debug)]
pub(super) struct Secrets {
    /// Price and delivery ids.
    ids: Terms,
    contacts: contacts::Held,
}

impl Secrets {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let ids = rows
            .iter()
            .flat_map(|row| [row.price_id.as_deref(), row.delivery_id.as_deref()])
            .flatten()
            .filter(|id| is_id(id));
        let ids: BTreeSet<&str> = ids.collect();
        Self {
            ids: Terms::new(ids.into_iter().map(str::to_owned)),
            contacts: contacts::Held::of(rows),
        }
    }
}

fn is_id(text: &str) -> bool {
    text.chars().count() >= SHORTEST_ID
}

pub(super) fn apply(work: &mut Work<'_>) {
    let told = tells_id(work, work.text());
    work.edit(Rule::G15, |work, sentence| {
        if leaks(work, sentence) || (told && tells_id(work, sentence)) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

fn leaks(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    sentence.says(Cues::INTERNAL)
        || (sentence.contains(['{', '"'])
            && ["{{", "{%", "\":"]
                .iter()
                .any(|mark| sentence.contains(mark)))
        || cards::tells(sentence)
        || contacts::tells(work, sentence)
}

/// Whether a text holds an id of a row, or of this turn.
fn tells_id(work: &Work<'_>, text: &str) -> bool {
    let context = [
        work.context.token.as_str(),
        work.context.instance_id.as_str(),
    ];
    // On most platforms token and sender are the same; a customer's own number is no secret to them.
    let mut context = context
        .into_iter()
        .filter(|id| *id != work.context.sender && *id != work.phone);
    context.any(|id| is_id(id) && text.contains(id)) || work.facts.secrets.ids.any(text)
}
