//! H7, W1, W3: the channel machine against an independent table.

use proptest::{collection::vec, prelude::*, sample::select};
use x8_core::channel::{ChannelEvent, ChannelStatus, Platform, next_status};

const STATUSES: [(&str, ChannelStatus); 4] = [
    ("off", ChannelStatus::Disconnected),
    ("waiting", ChannelStatus::Connecting),
    ("on", ChannelStatus::Connected),
    ("error", ChannelStatus::Error),
];

fn events() -> Vec<(&'static str, ChannelEvent)> {
    vec![
        ("connect", ChannelEvent::ConnectRequested),
        ("starting", ChannelEvent::Starting),
        ("scan", ChannelEvent::AwaitingScan),
        (
            "working",
            ChannelEvent::Working {
                account: Some("34600000000".to_owned()),
            },
        ),
        (
            "failed",
            ChannelEvent::Failed {
                reason: "logged out".to_owned(),
            },
        ),
        ("stopped", ChannelEvent::Stopped),
        ("disconnect", ChannelEvent::DisconnectRequested),
    ]
}

/// Event, then the next status from off, waiting, on and error.
const TABLE: [(&str, [&str; 4]); 7] = [
    ("connect", ["waiting", "waiting", "on", "waiting"]),
    ("starting", ["waiting", "waiting", "on", "error"]),
    ("scan", ["waiting", "waiting", "waiting", "waiting"]),
    ("working", ["on", "on", "on", "on"]),
    ("failed", ["off", "off", "error", "error"]),
    ("stopped", ["off", "off", "off", "off"]),
    ("disconnect", ["off", "off", "off", "off"]),
];

fn word(status: ChannelStatus) -> &'static str {
    STATUSES
        .iter()
        .find(|(_, known)| *known == status)
        .map_or("?", |(word, _)| *word)
}

#[test]
fn h7_every_pair_follows_the_table() {
    assert_eq!(TABLE.len(), events().len());
    for (name, expected) in TABLE {
        let (_, event) = events()
            .into_iter()
            .find(|(known, _)| *known == name)
            .unwrap();
        for ((from, status), next) in STATUSES.into_iter().zip(expected) {
            assert_eq!(word(next_status(status, &event)), next, "{from} × {name}");
        }
    }
}

#[test]
fn w3_an_unscanned_code_is_not_an_outage() {
    let story = [
        ChannelEvent::ConnectRequested,
        ChannelEvent::Starting,
        ChannelEvent::AwaitingScan,
        failed(),
    ];
    let end = story
        .iter()
        .fold(ChannelStatus::Disconnected, next_status_of);
    assert_eq!(end, ChannelStatus::Disconnected);
}

#[test]
fn w3_a_restart_behind_a_working_channel_goes_unnoticed() {
    let story = [
        ChannelEvent::Starting,
        ChannelEvent::Working { account: None },
    ];
    for event in &story {
        assert_eq!(
            next_status(ChannelStatus::Connected, event),
            ChannelStatus::Connected
        );
    }
}

#[test]
fn h6_a_working_channel_that_fails_calls_for_somebody() {
    assert_eq!(
        next_status(ChannelStatus::Connected, &failed()),
        ChannelStatus::Error
    );
}

fn failed() -> ChannelEvent {
    ChannelEvent::Failed {
        reason: "gone".to_owned(),
    }
}

fn next_status_of(status: ChannelStatus, event: &ChannelEvent) -> ChannelStatus {
    next_status(status, event)
}

proptest! {
    #[test]
    fn h7_a_repeated_event_changes_nothing(
        history in vec(select(events()), 0..10),
        last in select(events()),
    ) {
        let before = history.iter().fold(ChannelStatus::default(), |status, (_, event)| next_status(status, event));
        let once = next_status(before, &last.1);
        prop_assert_eq!(next_status(once, &last.1), once);
    }

    #[test]
    fn h7_the_last_word_of_the_owner_or_a_working_provider_stands(history in vec(select(events()), 0..10)) {
        let before = history.iter().fold(ChannelStatus::default(), |status, (_, event)| next_status(status, event));
        prop_assert_eq!(next_status(before, &ChannelEvent::DisconnectRequested), ChannelStatus::Disconnected);
        prop_assert_eq!(next_status(before, &ChannelEvent::Working { account: None }), ChannelStatus::Connected);
    }
}

#[test]
fn h7_words_are_those_of_the_tables() {
    let statuses: Vec<ChannelStatus> = STATUSES.iter().map(|(_, status)| *status).collect();
    assert_eq!(
        serde_json::to_string(&statuses).unwrap(),
        r#"["DISCONNECTED","CONNECTING","CONNECTED","ERROR"]"#
    );
    for platform in Platform::ALL {
        assert_eq!(
            Platform::parse(&format!(" {} ", platform.source().to_uppercase())),
            Some(platform)
        );
        let stored = serde_json::to_string(&platform).unwrap();
        assert_eq!(stored, format!("\"{}\"", platform.source().to_uppercase()));
    }
    assert_eq!(Platform::parse("Gmail"), Some(Platform::Email));
    assert_eq!(Platform::parse("fax"), None);
}
