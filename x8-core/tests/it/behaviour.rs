//! A10: layers, their order, limits and versions.

use std::sync::Arc;

use pollster::block_on;
use serde_json::json;
use x8_core::{
    ErrorKind,
    behaviour::{Behaviours, Layer, Part, Scenario, Scope},
    conversation::{Asked, Session},
    id::ChannelId,
    order::{CartLine, PaymentStatus},
    tenant::CompanySettings,
};

fn style(lines: &[&str]) -> Layer {
    Layer {
        style: lines.iter().map(|&line| line.to_owned()).collect(),
        ..Layer::default()
    }
}

const fn scope(channel: Option<i64>, scenario: Option<Scenario>) -> Scope {
    let channel = match channel {
        Some(id) => Some(ChannelId(id)),
        None => None,
    };
    Scope { channel, scenario }
}

#[test]
fn a10_layers_merge_from_the_company_to_the_channels_scenario() {
    let sale = Some(Scenario::Sale);
    let mut kept = Behaviours::default();
    // Written in the opposite order on purpose.
    for (place, line) in [
        (scope(Some(5), sale), "channel and scenario"),
        (scope(None, sale), "scenario"),
        (scope(Some(5), None), "channel"),
        (Scope::COMPANY, "company"),
        (scope(Some(6), None), "another channel"),
        (scope(None, Some(Scenario::Payment)), "another scenario"),
    ] {
        assert_eq!(kept.replace(place, &style(&[line]), 0).unwrap(), 1);
    }
    let merged = kept.merged(Some(ChannelId(5)), Some(Scenario::Sale)).lines;
    let told: Vec<(String, &str)> = merged
        .iter()
        .map(|line| (line.from.to_string(), line.text.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("company".to_owned(), "company"),
            ("channel 5".to_owned(), "channel"),
            ("scenario sale".to_owned(), "scenario"),
            (
                "channel 5, scenario sale".to_owned(),
                "channel and scenario"
            ),
        ]
    );
}

#[test]
fn a10_a_line_that_comes_again_counts_where_it_came_last() {
    let mut kept = Behaviours::default();
    kept.replace(Scope::COMPANY, &style(&["Be brief", "Be kind"]), 0)
        .unwrap();
    kept.replace(scope(Some(5), None), &style(&["be  BRIEF"]), 0)
        .unwrap();
    let merged = kept.merged(Some(ChannelId(5)), Some(Scenario::Sale)).lines;
    let told: Vec<&str> = merged.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(told, ["Be kind", "be BRIEF"]);
    assert_eq!(merged[1].from, scope(Some(5), None));
    assert!(merged.iter().all(|line| line.part == Part::Style));
}

#[test]
fn a10_limits_name_the_field() {
    let long = "x".repeat(Layer::LONGEST_LINE + 1);
    let many = vec!["short"; Layer::MOST_LINES + 1];
    let heavy = vec!["y".repeat(Layer::LONGEST_LINE); 7];
    let flaws =
        |layer: &Layer| -> Vec<&str> { layer.flaws().into_iter().map(|flaw| flaw.field).collect() };
    assert_eq!(flaws(&style(&[&long])), ["style"]);
    assert_eq!(flaws(&style(&many)), ["style"]);
    let layer = Layer {
        rules: heavy,
        ..Layer::default()
    };
    assert_eq!(flaws(&layer), ["layer"]);
    let most = Layer {
        restrictions: vec!["é".repeat(Layer::LONGEST_LINE); 6],
        ..Layer::default()
    };
    assert!(most.flaws().is_empty(), "characters, not bytes");
    let refused = Behaviours::default().replace(Scope::COMPANY, &style(&[&long]), 0);
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid);
}

#[test]
fn a10_an_old_version_is_refused() {
    let mut kept = Behaviours::default();
    assert_eq!(kept.replace(Scope::COMPANY, &style(&["a"]), 0).unwrap(), 1);
    assert_eq!(kept.replace(Scope::COMPANY, &style(&["b"]), 1).unwrap(), 2);
    let late = kept.replace(Scope::COMPANY, &style(&["c"]), 1);
    assert_eq!(late.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(kept.layer(Scope::COMPANY), (style(&["b"]), 2));
    // Emptied, it still counts.
    assert_eq!(kept.replace(Scope::COMPANY, &style(&[" "]), 2).unwrap(), 3);
    assert_eq!(kept.layer(Scope::COMPANY), (Layer::default(), 3));
}

#[test]
fn a10_stored_layers_are_read_back() {
    let mut kept = Behaviours::default();
    kept.replace(scope(Some(5), Some(Scenario::Sale)), &style(&["a\nb"]), 0)
        .unwrap();
    let stored = serde_json::to_value(&kept).unwrap();
    assert_eq!(serde_json::from_value::<Behaviours>(stored).unwrap(), kept);
    let merged = kept.merged(Some(ChannelId(5)), Some(Scenario::Sale));
    assert_eq!(merged.lines[0].text, "a b", "no line can look like two");
}

#[test]
fn a10_the_scenario_follows_from_the_conversation() {
    let none = PaymentStatus::NoPaymentLink;
    let mut session = Session::default();
    assert_eq!(Scenario::of(&[], &session, none), Scenario::Greeting);
    session.cart = vec![CartLine {
        sku: "201".into(),
        quantity: 1,
    }];
    session.asked = Some(Asked::Contact);
    assert_eq!(Scenario::of(&[], &session, none), Scenario::Checkout);
    let sent = PaymentStatus::PaymentLinkSent;
    assert_eq!(Scenario::of(&[], &session, sent), Scenario::Payment);
    session.cart.clear();
    let paid = PaymentStatus::Paid;
    assert_eq!(Scenario::of(&[], &session, paid), Scenario::AfterSale);
    for scenario in Scenario::ALL {
        assert_eq!(scenario.as_str().parse(), Ok(scenario));
    }
    let unknown = "party".parse::<Scenario>().unwrap_err();
    assert!(unknown.contains("greeting, sale"), "{unknown}");
}

#[test]
fn g13_sessions_and_settings_of_before_are_still_read() {
    let session = json!({"language": "es", "listed": true, "order_done": false});
    let session: Session = serde_json::from_value(session).unwrap();
    assert!(session.listed && !session.policy_sent);
    let settings = json!({"time_zone": "Europe/Berlin", "link_minutes": 45});
    let settings: CompanySettings = serde_json::from_value(settings).unwrap();
    assert_eq!((settings.link_minutes, settings.privacy_policy), (45, None));
}

mod stored {
    use super::*;
    use x8_core::{
        id::CompanyId,
        memory::MemoryStore,
        port::{FixedClock, SequentialIds},
        tenant::Tenant,
        testing::{
            fakes::{FakeCalendar, FakePayments, PlainNotices, ScriptedAssistant},
            fixture::NOW,
        },
        usecase::{Engine, Policy},
    };

    fn engine() -> Engine {
        Engine {
            store: Arc::new(MemoryStore::default()),
            assistant: Arc::new(ScriptedAssistant::default()),
            payments: Arc::new(FakePayments::default()),
            calendar: Arc::new(FakeCalendar::default()),
            senders: Vec::new(),
            notices: Arc::new(PlainNotices),
            clock: Arc::new(FixedClock::at(NOW)),
            ids: Arc::new(SequentialIds::default()),
            policy: Policy::default(),
        }
    }

    #[test]
    fn a10_each_company_has_its_own_layers_and_each_layer_its_own_version() {
        let engine = engine();
        let [mine, other] = [1, 2].map(|id| Tenant::assume(CompanyId(id)));
        let change = |tenant, place, layer: Layer, expected| {
            block_on(engine.change_behaviour(tenant, place, &layer, expected))
        };
        change(mine, Scope::COMPANY, style(&["mine"]), 0).unwrap();
        change(mine, scope(Some(5), None), style(&["channel"]), 0).unwrap();
        let kept = change(mine, Scope::COMPANY, style(&["changed"]), 1).unwrap();
        assert_eq!(kept.layer(scope(Some(5), None)).1, 1);
        let late = change(mine, Scope::COMPANY, style(&["late"]), 1);
        assert_eq!(late.unwrap_err().kind(), ErrorKind::Conflict);
        assert_eq!(block_on(engine.behaviours(mine)).unwrap(), kept);
        let theirs = block_on(engine.behaviours(other)).unwrap();
        assert_eq!(theirs, Behaviours::default());
    }
}
