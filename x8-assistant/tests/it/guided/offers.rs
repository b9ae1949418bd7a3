//! B4: what customers answer to other times, in the words they use.

use jiff::Timestamp;
use x8_core::{
    Result,
    booking::Slot,
    channel::Platform,
    order::{Offer, OrderState},
    port::Decision,
};

use super::driver::{Talk, catalog};

/// Saturday 10:00 and 16:00, Monday 12:30, in Madrid; it is Friday noon there.
const TIMES: [&str; 3] = [
    "2026-11-21T09:00:00Z",
    "2026-11-21T15:00:00Z",
    "2026-11-23T11:30:00Z",
];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A customer who has paid and is told these times.
fn offered(language: &str) -> Result<Talk> {
    let mut talk = Talk::new(catalog("flowers")?, Platform::Whatsapp)?;
    talk.say(&["2 bouquets of 10 roses to Valencia, John Smith, +34 600 111 222"])?;
    talk.session.language = Some(language.to_owned());
    talk.set_state(OrderState::Paid);
    let slot = |start: &str| Slot {
        resource: "delivery".to_owned(),
        starts_at: at(start),
        ends_at: at(start) + jiff::SignedDuration::from_hours(2),
        seat: 0,
        cell_minutes: 0,
    };
    if let Some(order) = &mut talk.order {
        order.offer = Some(Offer {
            slots: TIMES.iter().map(|start| slot(start)).collect(),
            until: at("2026-11-21T12:00:00Z"),
        });
    }
    Ok(talk)
}

#[test]
fn b4_a_number_a_date_yes_and_no_decide_in_three_languages() -> Result<()> {
    let chosen = |start: &str| Decision::ChooseTime(at(start));
    let cases = [
        ("en", "1", chosen(TIMES[0])),
        ("en", "2 please", chosen(TIMES[1])),
        ("en", "the third one", chosen(TIMES[2])),
        ("en", "yes", chosen(TIMES[0])),
        ("en", "tomorrow at 16:00", chosen(TIMES[1])),
        ("en", "on Monday", chosen(TIMES[2])),
        ("en", "at 12:30", chosen(TIMES[2])),
        ("en", "Tuesday at 11:00", chosen("2026-11-24T10:00:00Z")),
        ("en", "no", Decision::DeclineTimes),
        ("en", "no, cancel it", Decision::DeclineTimes),
        ("ru", "2", chosen(TIMES[1])),
        ("ru", "да", chosen(TIMES[0])),
        ("ru", "в понедельник", chosen(TIMES[2])),
        ("ru", "завтра в 16:00", chosen(TIMES[1])),
        ("ru", "нет", Decision::DeclineTimes),
        ("es", "la segunda", chosen(TIMES[1])),
        ("es", "sí", chosen(TIMES[0])),
        ("es", "el lunes", chosen(TIMES[2])),
        ("es", "no", Decision::DeclineTimes),
        ("en", "7", Decision::Inform),
        ("en", "Where is your shop?", Decision::Inform),
        ("en", "thank you", Decision::Inform),
    ];
    let mut wrong = Vec::new();
    for (language, words, decision) in cases {
        let answer = offered(language)?.say(&[words])?;
        if answer.decision != decision {
            wrong.push(format!("{words}: {:?} ({})", answer.decision, answer.text));
        }
        assert_eq!(answer.session.wished_start, None, "{words}");
        assert!(!answer.fell_back && !answer.held, "{words}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[test]
fn b4_a_number_that_was_not_offered_is_asked_about() -> Result<()> {
    let answer = offered("en")?.say(&["4"])?;
    assert!(answer.text.contains("number"), "{}", answer.text);
    Ok(())
}

#[test]
fn b4_another_order_leaves_the_offer_open() -> Result<()> {
    let answer = offered("en")?.say(&["And 3 single roses to Valencia as well"])?;
    let decided = matches!(
        answer.decision,
        Decision::ChooseTime(_) | Decision::DeclineTimes
    );
    assert!(!decided, "{:?}", answer.decision);
    Ok(())
}

#[test]
fn b4_what_was_offered_until_yesterday_is_not_chosen_today() -> Result<()> {
    let mut talk = offered("en")?;
    if let Some(offer) = talk.order.as_mut().and_then(|order| order.offer.as_mut()) {
        offer.until = at("2026-11-20T11:00:00Z");
    }
    let answer = talk.say(&["yes"])?;
    assert!(
        !matches!(answer.decision, Decision::ChooseTime(_)),
        "{:?}",
        answer.decision
    );
    Ok(())
}
