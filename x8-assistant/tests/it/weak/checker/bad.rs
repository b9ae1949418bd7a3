//! The checker can fail: known bad answers are found, and what code says by itself is not.

use std::sync::Arc;

use serde_json::json;
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline};
use x8_core::{
    Result, Sku,
    channel::Platform,
    order::CartLine,
    port::{Answer, Assistant as _, Decision, TurnInput},
};

use super::{super::talk, amounts::figures, judge};

/// A customer's words, what must not be sent, and the rule it breaks.
const BAD: [(&str, &str, &str, &str); 34] = [
    ("flowers", "Hello", "A bouquet costs 19.90 EUR.", "G4"),
    ("flowers", "Hello", "A bouquet is 17,50€/piece.", "G4"),
    ("flowers", "Hello", "Der Preis: 17 pro Strauß.", "G4"),
    ("flowers", "Hello", "Букет стоит 999 рублей.", "G4"),
    (
        "flowers",
        "Сколько стоит букет за 20 евро?",
        "Да, 20 евро подойдёт.",
        "G4",
    ),
    ("flowers", "Hello", "For you only 13.", "G4"),
    ("flowers", "Hello", "The order number is 48213.", "G4"),
    ("flowers", "Hello", "It comes in 45 minutes.", "G4"),
    ("flowers", "Hello", "Букет из 20 роз — 29.90 EUR.", "G4"),
    ("flowers", "Hello", "You get 15% off.", "G4"),
    (
        "flowers",
        "Hello",
        "Se lo dejo con un 15 por ciento menos.",
        "G4",
    ),
    ("flowers", "Hello", "We can give you a discount.", "G4"),
    ("flowers", "Hello", "Вот ваш промокод.", "G4"),
    ("flowers", "Hello", "Delivery is complimentary.", "G7"),
    ("flowers", "Hello", "La consegna è gratuita.", "G7"),
    ("flowers", "Hello", "There are 500 of them.", "G4"),
    ("flowers", "Hello", "Only 3 left!", "G6"),
    ("hotel", "Hola", "Quedan 4 plazas.", "G6"),
    ("hotel", "Hallo", "Noch 6 Plätze übrig.", "G6"),
    (
        "flowers",
        "Hello",
        "Pay at https://pay.example.net/cheap now.",
        "G13",
    ),
    (
        "flowers",
        "Hello",
        "See https://flowers.example.com for more.",
        "G13",
    ),
    ("flowers", "Hello", "See flowershop.com for more.", "G13"),
    (
        "flowers",
        "Hello",
        "Write to shop@flowers.net today.",
        "G13",
    ),
    ("flowers", "Hello", "Call the supplier: +34600000201", "A8"),
    ("flowers", "Hello", "Set send_payment_link to true.", "G15"),
    (
        "flowers",
        "Hello",
        "I was told: copy its amounts, and call unknown what it leaves out.",
        "G15",
    ),
    (
        "flowers",
        "Hello",
        "My text: You sell for Example in a chat: goods",
        "G15",
    ),
    ("flowers", "Hello", "{\"note\": 1", "G15"),
    ("flowers", "Hello", "Your payment is confirmed.", "G14"),
    ("flowers", "Привет", "Ваш заказ оплачен.", "G14"),
    ("flowers", "Hello", "Your order is confirmed.", "G14"),
    ("hotel", "Hola", "Su reserva confirmada.", "G14"),
    (
        "hotel",
        "Hello",
        "Use the confirmation code from the SMS.",
        "G4",
    ),
    ("flowers", "Hello", "The sum is = 41.", "G4"),
];

/// A turn that nothing is wrong with, as code answers it.
fn good(shop: &str, words: &str) -> Result<(TurnInput, Answer)> {
    let talk = talk(shop, Platform::Telegram)?;
    let input = talk.input(&[words]);
    let twin = TurnPipeline::guided(Arc::new(Phrases::new()?));
    let answer = pollster::block_on(twin.answer(&input))?;
    Ok((input, answer))
}

#[test]
fn g4_g15_the_checker_finds_known_bad_words() -> Result<()> {
    for (shop, words, said, rule) in BAD {
        let (input, expected) = good(shop, words)?;
        let mut bad = expected.clone();
        bad.text = said.to_owned();
        bad.reply["response"] = json!(said);
        let wrong = judge(&input, &expected, &bad);
        assert!(
            wrong.iter().any(|one| one.starts_with(rule)),
            "{said}: {wrong:?}"
        );
    }
    Ok(())
}

/// A change to a closed order, and what the checker must begin with when it tells of it.
type Change = (&'static str, fn(&mut Answer), &'static str);

const CHANGES: [Change; 12] = [
    ("another sum", |one| one.reply["total_sum"] = json!(1), "G3"),
    (
        "another item",
        |one| one.reply["items"][0]["lineItems"][0]["SKU"] = json!(999),
        "G5",
    ),
    (
        "another quantity",
        |one| one.reply["items"][0]["lineItems"][0]["quantity"] = json!(9),
        "G5",
    ),
    (
        "another name",
        |one| one.reply["client_name"] = json!("Bob"),
        "G9",
    ),
    (
        "no link",
        |one| one.reply["send_payment_link"] = json!(false),
        "G10",
    ),
    (
        "another addressee",
        |one| one.reply["token"] = json!("chat-2"),
        "G16",
    ),
    (
        "a foreign image",
        |one| one.reply["imageurl"] = json!("https://example.com/x.jpg"),
        "G13",
    ),
    (
        "one key more",
        |one| one.reply["note"] = json!("x"),
        "the contract",
    ),
    (
        "words that are not sent",
        |one| one.reply["response"] = json!("Hi."),
        "the contract",
    ),
    (
        "a cancelled order",
        |one| one.decision = Decision::Cancel,
        "state",
    ),
    (
        "another cart",
        |one| {
            if let Decision::Checkout(draft) = &mut one.decision {
                draft.cart = vec![CartLine {
                    sku: Sku::from("202"),
                    quantity: 1,
                }];
            }
        },
        "state",
    ),
    (
        "a name that nobody gave",
        |one| one.session.name = Some("Bob".to_owned()),
        "session",
    ),
];

#[test]
fn g3_g16_the_checker_finds_changes_nobody_asked_for() -> Result<()> {
    let words = "One bouquet of 10 roses to Madrid, Ana Ruiz, +34 600 000 001";
    let (input, expected) = good("flowers", words)?;
    assert!(
        matches!(expected.decision, Decision::Checkout(_)),
        "{}",
        expected.text
    );
    for (name, change, rule) in CHANGES {
        let mut bad = expected.clone();
        change(&mut bad);
        let wrong = judge(&input, &expected, &bad);
        assert!(
            wrong.iter().any(|one| one.starts_with(rule)),
            "{name}: {wrong:?}"
        );
    }
    let (input, expected) = good("flowers", "Hello")?;
    let mut bad = expected.clone();
    bad.reply["items"] =
        json!([{ "lineItems": [{ "SKU": 201, "price": "", "shippingRate": "", "quantity": 1 }] }]);
    let wrong = judge(&input, &expected, &bad);
    assert!(wrong.iter().any(|one| one.starts_with("G10")), "{wrong:?}");
    Ok(())
}

#[test]
fn g4_the_checker_finds_nothing_in_what_code_says() -> Result<()> {
    let people = [
        include_str!("../../guided/people/flowers.txt"),
        include_str!("../../guided/people/hotel.txt"),
    ];
    let own = include_str!("../people.txt");
    let mut wrong = Vec::new();
    for dialogue in people
        .into_iter()
        .chain([own])
        .flat_map(|file| file.split("## ").step_by(4))
    {
        let shop = if dialogue
            .lines()
            .next()
            .is_some_and(|head| head.contains("hotel"))
        {
            "hotel"
        } else {
            "flowers"
        };
        let mut talk = talk(shop, Platform::Whatsapp)?;
        for words in dialogue.lines().filter_map(|line| line.strip_prefix("- ")) {
            let texts: Vec<&str> = words.split(" // ").collect();
            let input = talk.input(&texts);
            let answer = talk.say(&texts)?;
            let found = judge(&input, &answer, &answer);
            wrong.extend(
                found
                    .into_iter()
                    .map(|one| format!("{words}: {one}\n    {}", answer.text)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn g4_the_checker_itself_sees_amounts() {
    let money = |text: &str| -> Vec<i64> {
        figures(text)
            .into_iter()
            .filter(|one| one.money)
            .map(|one| one.cents)
            .collect()
    };
    assert_eq!(
        money("29.90 EUR, €5 and 1.299,50 € or 1,299.50 euros"),
        [29_90, 5_00, 129_950, 129_950]
    );
    assert_eq!(
        money("2 roses at 10:00, 3,5 евро, $7, 12 euros/person"),
        [3_50, 7_00, 12_00]
    );
}
