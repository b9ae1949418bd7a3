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
    }
}

fn every(slot: &Slot) -> [Notice<'_>; 14] {
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
            moved: false,
        },
        Notice::Booked {
            slot,
            place: "online",
            moved: true,
        },
        Notice::BookingMoved {
            slot,
            place: "online",
        },
        Notice::LinkExpired,
        Notice::RefundStarted { total },
        Notice::BookingProblem,
        Notice::CheckoutProblem,
        Notice::Holding,
        Notice::OrderCancelled,
        Notice::Reminder { url: URL, total },
        Notice::MeetingLink { url: URL, slot },
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
                    | Notice::LinkExpired
                    | Notice::BookingProblem
                    | Notice::CheckoutProblem
                    | Notice::Holding
                    | Notice::OrderCancelled
                    | Notice::MeetingLink { .. }
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
        moved: false,
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
fn b4_a_moved_time_is_told() -> Result<()> {
    let phrases = Phrases::new()?;
    let slot = slot();
    let text = phrases.write(
        "es",
        ZONE,
        &Notice::Booked {
            slot: &slot,
            place: "online",
            moved: true,
        },
    );
    assert!(
        text.contains("siguiente") && text.contains("en línea"),
        "{text}"
    );
    Ok(())
}
