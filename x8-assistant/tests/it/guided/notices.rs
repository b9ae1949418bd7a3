//! The system's own messages: every notice in every language.

use jiff::Timestamp;
use x8_assistant::phrases::Phrases;
use x8_core::{
    Money, Result,
    booking::Slot,
    port::{Notice, NoticeWriter},
};

const ZONE: &str = "Europe/Madrid";
const URL: &str = "https://pay.example.com/cs_1";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn slot() -> Slot {
    Slot {
        resource: "delivery".to_owned(),
        starts_at: at("2026-11-21T09:00:00Z"),
        ends_at: at("2026-11-21T11:00:00Z"),
        seat: 0,
        cell_minutes: 0,
    }
}

fn every(slot: &Slot) -> [Notice<'_>; 16] {
    let total = Money::eur(64_80);
    let expires_at = at("2026-11-20T20:00:00Z");
    [
        Notice::PaymentLink {
            url: URL,
            total,
            slot: Some(slot),
            expires_at,
        },
        Notice::PaymentLink {
            url: URL,
            total,
            slot: None,
            expires_at,
        },
        Notice::PaymentReceived { total },
        Notice::Booked {
            slot,
            place: "Madrid",
        },
        Notice::Booked {
            slot,
            place: "online",
        },
        Notice::BookingMoved {
            slot,
            place: "Madrid",
        },
        Notice::TimesOffered {
            slots: std::slice::from_ref(slot),
            until: expires_at,
            refund: Some(total),
        },
        Notice::NoTimeChosen {
            refund: Some(total),
        },
        Notice::NoTimeChosen { refund: None },
        Notice::LinkExpired,
        Notice::RefundStarted { total },
        Notice::BookingProblem,
        Notice::CheckoutProblem,
        Notice::Holding,
        Notice::OrderCancelled,
        Notice::Reminder { url: URL, total },
    ]
}

#[test]
fn c3_every_notice_is_written_in_every_language() -> Result<()> {
    let phrases = Phrases::new()?;
    for notice in &every(&slot()) {
        let texts = ["en", "ru", "es"].map(|code| phrases.write(code, ZONE, notice));
        for text in &texts {
            assert!(
                !text.is_empty() && !text.contains("{{") && !text.contains("none"),
                "{notice:?}: {text}"
            );
            let money = !matches!(
                notice,
                Notice::Booked { .. }
                    | Notice::BookingMoved { .. }
                    | Notice::NoTimeChosen { refund: None }
                    | Notice::LinkExpired
                    | Notice::BookingProblem
                    | Notice::CheckoutProblem
                    | Notice::Holding
                    | Notice::OrderCancelled
            );
            assert_eq!(text.contains("64.80 EUR"), money, "{notice:?}: {text}");
        }
        assert!(texts[0] != texts[1] && texts[1] != texts[2], "{notice:?}");
        assert_eq!(
            phrases.write("de", ZONE, notice),
            texts[0],
            "an unknown language falls back to English"
        );
    }
    Ok(())
}

#[test]
fn b6_times_are_wall_times_of_the_company() -> Result<()> {
    let phrases = Phrases::new()?;
    let slot = slot();
    let booked = Notice::Booked {
        slot: &slot,
        place: "Madrid",
    };
    assert!(
        phrases
            .write("en", ZONE, &booked)
            .contains("21.11.2026 10:00")
    );
    assert!(
        phrases
            .write("en", "Atlantic/Canary", &booked)
            .contains("21.11.2026 09:00")
    );
    assert!(
        phrases
            .write("en", "Nowhere/Land", &booked)
            .contains("09:00 UTC"),
        "an unknown zone says so"
    );
    Ok(())
}

#[test]
fn b4_offered_times_are_numbered_with_the_deadline_and_the_way_out() -> Result<()> {
    let phrases = Phrases::new()?;
    let first = slot();
    let second = Slot {
        starts_at: at("2026-11-22T12:00:00Z"),
        ..slot()
    };
    let slots = [first, second];
    let notice = Notice::TimesOffered {
        slots: &slots,
        until: at("2026-11-21T07:00:00Z"),
        refund: Some(Money::eur(64_80)),
    };
    let text = phrases.write("en", ZONE, &notice);
    for part in [
        "\n1. 21.11.2026 10:00\n2. 22.11.2026 13:00\n",
        "by 21.11.2026 08:00",
        "64.80 EUR go back",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let notice = Notice::TimesOffered {
        slots: &slots,
        until: at("2026-11-21T07:00:00Z"),
        refund: None,
    };
    let text = phrases.write("en", ZONE, &notice);
    assert!(
        !text.contains("back") && text.contains("cancelled"),
        "{text}"
    );
    Ok(())
}
