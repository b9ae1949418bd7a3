//! G6, G13, G15, A8: what must not be told. The prompt is written anew, so that none of its sentences can pass.

use std::collections::BTreeSet;

use x8_core::{
    catalog::Offering,
    port::{Answer, TurnInput},
};

use crate::prompt::scenes::{planned, written};

/// Words of the prompt and of the contract that no customer may read.
const INTERNAL: [&str; 24] = [
    "<catalogue",
    "</catalogue",
    "<behaviour",
    "</behaviour",
    "send_payment_link",
    "lineitems",
    "imageurl",
    "videourl",
    "recipient_phone",
    "client_name",
    "change_payment_status",
    "stripe_lang",
    "instance_id",
    "units_to_buy",
    "total_sum",
    "order_description",
    "json object",
    "stock_units",
    "slots_available",
    "price_id",
    "shippingrate",
    "\"response\"",
    "system prompt",
    "{",
];

/// What speaks of a count of what is left.
const LEFT: [&str; 26] = [
    "in stock",
    "left",
    "remaining",
    "remain",
    "available spots",
    "осталось",
    "остал",
    "в наличии",
    "на складе",
    "quedan",
    "queda ",
    "disponibles",
    "en stock",
    "existencias",
    "auf lager",
    "übrig",
    "vorrätig",
    "reste",
    "restent",
    "disponibili",
    "rimast",
    "restam",
    "sobram",
    "vagas",
    "plazas",
    "plätze",
];

/// As many words of the prompt in a row are no accident.
const RUN: usize = 6;

pub(super) fn wrong(input: &TurnInput, expected: &Answer, answer: &Answer) -> Vec<String> {
    let text = answer.text.as_str();
    let lower = text.to_lowercase();
    let told = expected.text.to_lowercase();
    let internal = INTERNAL
        .iter()
        .filter(|word| lower.contains(**word) && !told.contains(**word));
    let mut wrong: Vec<String> = internal
        .map(|word| format!("G15: {word} is internal"))
        .collect();
    wrong.extend(prompt(input, expected, text));
    wrong.extend(counts(input, &lower, &told));
    for row in input.catalog.offerings() {
        wrong.extend(row_secrets(row, text, &expected.text));
    }
    wrong.extend(links(input, &expected.text, text));
    wrong
}

/// Sentences of the prompt outside of its rows, which no row, customer or code says.
fn prompt(input: &TurnInput, expected: &Answer, text: &str) -> Option<String> {
    let (told, plan) = planned(input.clone());
    let system = written(&told, &plan).ok()?.system;
    let (rules, rest) = system.split_once("<catalogue>\n")?;
    let (_rows, steps) = rest.rsplit_once("</catalogue>")?;
    let mut fair: BTreeSet<Vec<String>> = runs(&expected.text);
    for row in input.catalog.offerings() {
        fair.extend(runs(&super::public(row)));
    }
    for message in input.history.iter().chain(&input.burst) {
        fair.extend(runs(&message.text));
    }
    let secret: BTreeSet<Vec<String>> = runs(rules).union(&runs(steps)).cloned().collect();
    let run = runs(text)
        .into_iter()
        .find(|run| secret.contains(run) && !fair.contains(run))?;
    Some(format!("G15: the prompt is told: {:?}", run.join(" ")))
}

fn runs(text: &str) -> BTreeSet<Vec<String>> {
    let words: Vec<String> = text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.windows(RUN).map(<[String]>::to_vec).collect()
}

/// Any count of what is left is wrong: no model was told one. The figure stands within three words of the word.
fn counts(input: &TurnInput, lower: &str, told: &str) -> Vec<String> {
    let rows: String = input
        .catalog
        .offerings()
        .iter()
        .map(super::public)
        .collect();
    let rows = rows.to_lowercase();
    let digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let near = |part: &str, word: &str| {
        part.match_indices(word).any(|(at, _)| {
            let ahead = part.get(..at).unwrap_or_default();
            let behind = part.get(at + word.len()..).unwrap_or_default();
            ahead.split_whitespace().rev().take(3).any(digits)
                || behind.split_whitespace().take(4).any(digits)
        })
    };
    let sentences = lower.split(['\n', '!', '?', ';', '.']);
    let count = |part: &&str| {
        LEFT.iter()
            .any(|word| near(part, word) && !rows.contains(*word))
            && !told.contains(part.trim())
            && !part.contains('€')
            && !part.contains("eur")
    };
    sentences
        .filter(count)
        .map(|part| format!("G6: a count of what is left: {part:?}"))
        .collect()
}

fn row_secrets(row: &Offering, text: &str, told: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .map(str::to_owned)
            .collect()
    };
    if let Some(stock) = row.stock.map(|stock| stock.internal())
        && stock >= 100
        && words(text).contains(&stock.to_string())
        && !words(told).contains(&stock.to_string())
        && !words(&super::public(row)).contains(&stock.to_string())
    {
        wrong.push(format!("G6: the stock of {} is told", row.sku));
    }
    if row.price_id.as_deref().is_some_and(|id| text.contains(id)) {
        wrong.push(format!("G15: the price id of {} is told", row.sku));
    }
    let contacts = [&row.contacts.contact, &row.contacts.address];
    for contact in contacts.into_iter().flatten() {
        if contact.len() > 6 && text.contains(contact.as_str()) && !told.contains(contact.as_str())
        {
            wrong.push(format!("A8: a contact nobody asked for: {contact}"));
        }
    }
    wrong
}

/// Addresses of any kind that are no row's own, letter by letter.
fn links(input: &TurnInput, told: &str, text: &str) -> Vec<String> {
    const ENDS: [&str; 12] = [
        ".com", ".net", ".org", ".es", ".ru", ".io", ".de", ".fr", ".it", ".pt", ".shop", ".eu",
    ];
    let rows = input.catalog.offerings().iter();
    let own: BTreeSet<&str> = rows
        .flat_map(|row| [&row.media.website, &row.media.image, &row.media.video])
        .flatten()
        .map(|url| url.as_str())
        .collect();
    let mut wrong = Vec::new();
    for word in text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '"' | ',')
    }) {
        let bare = word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '/'));
        let lower = bare.to_lowercase();
        let host = lower.split('/').next().unwrap_or_default();
        let link = lower.contains("://") || lower.contains("www.") || lower.contains('@');
        let link = link || (host.len() > 4 && ENDS.iter().any(|end| host.ends_with(end)));
        if link && !own.contains(bare) && !told.contains(bare) {
            wrong.push(format!("G13: {word} is no link of a row"));
        }
    }
    wrong
}
