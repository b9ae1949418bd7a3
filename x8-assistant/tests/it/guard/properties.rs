//! What holds for every output: no panic, no text over the limit, no change when checked again.

use proptest::prelude::*;
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation;
use x8_assistant::{
    contract,
    guard::{Context, Guard},
};
use x8_core::order::CartLine;

use super::fixture;

const SOURCES: [(&str, usize); 6] = [
    ("instagram", 800),
    ("facebook", 1950),
    ("whatsapp", 3800),
    ("telegram", 3800),
    ("gmail", 7000),
    ("tiktok", 1950),
];

/// Sentences that together touch every rule about words.
const SENTENCES: [&str; 26] = [
    "Hello! ",
    "The bouquet costs 29.90 EUR. ",
    "It costs 31 €. ",
    "1. Bouquet of 10 roses — 29,90 €\n",
    "2. Bouquet of 20 roses — 45 €\n",
    "Only 7 left! ",
    "Осталось 37 штук. ",
    "There is a 15% discount. ",
    "Would you like anything else? ",
    "We have received your payment. ",
    "See https://evil.example.org/pay. ",
    "See https://flowers.example.com/201. ",
    "Delivery takes 2 hours. ",
    "It is 0 EUR. ",
    "A code will be sent to your phone. ",
    "send_payment_link is true. ",
    "Спасибо!\n\n",
    "Total: 64.80 EUR. ",
    "¿Algo más? ",
    "The payment status was reset. ",
    "12. ",
    "руб. ",
    "€",
    "10 – ",
    "👩‍👩‍👧‍👦 ",
    "Here is your link below. ",
];

fn words() -> impl Strategy<Value = String> {
    let sentence = prop_oneof![
        3 => proptest::sample::select(SENTENCES.to_vec()).prop_map(str::to_owned),
        1 => "[ -~а-яé€\n]{0,40}",
        1 => "\\PC{0,20}",
    ];
    proptest::collection::vec(sentence, 0..14).prop_map(|parts| parts.concat())
}

fn context() -> impl Strategy<Value = Context> {
    (0..SOURCES.len(), 0..3_usize, any::<bool>(), any::<bool>(), 0..4_usize).prop_map(
        |(source, status, paid_claim, known, language)| {
            let status = ["no_payment_link", "payment_link_sent", "paid"][status];
            let said = if paid_claim { "I already paid, 600 111 222" } else { "2 bouquets please" };
            let language = ["en", "ru", "es", "German"][language];
            let name = known.then_some("Ana");
            let value = json!({
                "channel": SOURCES[source].0, "sender": "34600111222@c.us", "token": "chat-token-1",
                "instance_id": "bot-1", "customer_text": said, "payment_status": status,
                "language": language, "link_sent": status != "no_payment_link",
                "known": {"name": name, "phone": name.map(|_| "+34600111222"), "city": name.map(|_| "barcelona")},
            });
            serde_json::from_value(value).unwrap()
        },
    )
}

fn output() -> impl Strategy<Value = String> {
    let sku = proptest::sample::select(vec!["201", "202", "203", "101", "103", "999"]);
    (
        words(),
        any::<bool>(),
        proptest::collection::vec((sku, 0..9_u32), 0..3),
        any::<bool>(),
    )
        .prop_map(|(response, link, lines, remind)| {
            let lines: Vec<_> = lines
                .iter()
                .map(|(sku, n)| json!({"SKU": sku, "quantity": n}))
                .collect();
            let items = if lines.is_empty() {
                json!(null)
            } else {
                json!([{"lineItems": lines}])
            };
            json!({
                "response": response, "send_payment_link": link, "items": items, "remind": remind,
                "city": "BARCELONA", "client_name": "Ana", "recipient_phone_number": "600111222",
                "imageurl": "https://media.example.com/201.jpg", "total_sum": "1,00",
            })
            .to_string()
        })
}

fn judge(raw: &str, catalog: &str, context: &Context) -> Result<(), TestCaseError> {
    let catalog = fixture::catalog(catalog).ok_or_else(|| TestCaseError::fail("no catalogue"))?;
    let guard = Guard::new(catalog.into());
    // What the words may quote is in the cart that the conversation remembers.
    let mut remembered = context.clone();
    if let Ok((claims, _mends)) = contract::parse(raw) {
        let items = claims.items.unwrap_or_default().into_iter();
        let line = |item: contract::ClaimedItem| CartLine {
            sku: item.sku,
            quantity: item.quantity,
        };
        remembered.cart = items.map(line).collect();
    }
    let context = &remembered;
    let first = guard.check(raw, context);
    let Some(reply) = first.reply else {
        return Ok(());
    };
    let limit = SOURCES
        .iter()
        .find(|(source, _)| *source == context.source)
        .map_or(1950, |(_, limit)| *limit);
    prop_assert!(reply.response.graphemes(true).count() <= limit);
    prop_assert_eq!(&reply.sender, &context.sender);
    prop_assert_eq!(
        reply.send_payment_link,
        first
            .order
            .is_some_and(|order| !order.priced.totals.total.is_zero())
    );
    let again = guard.check(&serde_json::to_string(&reply).unwrap(), context);
    prop_assert_eq!(again.reply.as_ref(), Some(&reply), "{:?}", again.findings);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn g1_no_text_makes_the_reader_panic(raw in "\\PC{0,200}") {
        let _read = contract::parse(&raw);
    }

    #[test]
    fn g1_no_json_like_text_makes_the_reader_panic(raw in "[\\[\\]{}:,\"'\\\\ a-z0-9.\n“”-]{0,200}") {
        let _read = contract::parse(&raw);
        let _read = contract::parse(&format!("{{\"response\": \"hi. there\", {raw}"));
    }

    #[test]
    fn g1_every_prefix_of_a_reply_is_read_or_refused(raw in output(), cut in 0..400_usize) {
        let cut: String = raw.chars().take(cut).collect();
        let _read = contract::parse(&cut);
    }

    #[test]
    fn g2_replies_fit_and_stay_when_checked_again(raw in output(), context in context(), shop in any::<bool>()) {
        judge(&raw, if shop { "shop" } else { "hotel" }, &context)?;
    }

    #[test]
    fn g2_long_replies_fit_and_stay(raw in output(), context in context(), times in 1..24_usize) {
        let mut value: serde_json::Value = serde_json::from_str(&raw).unwrap();
        let words = value["response"].as_str().unwrap_or_default().repeat(times);
        value["response"] = words.into();
        judge(&value.to_string(), "shop", &context)?;
    }
}
