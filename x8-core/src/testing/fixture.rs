//! Builders for the values tests need most: two small catalogues, people, messages, orders, slots and payments.
//!
//! Every builder returns a plain value with the dull defaults filled in; change fields by `..` or assignment.
//!
//! ```
//! use x8_core::{catalog::Catalog, testing::fixture};
//! let catalog = Catalog::detached(fixture::roses());
//! assert!(catalog.get(&"201".into()).is_some());
//! ```

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{
    Money, Secret,
    booking::{Booking, BookingKind, BookingStatus, CalendarState, Hold, Slot},
    catalog::{Common, Fee, Group, Kind, Offering, Stock},
    channel::Platform,
    conversation::{Author, Conversation, Identity, IdentityKind, Inbound, MessageType, Outgoing},
    id::{BookingId, OrderId, TurnId},
    order::{Area, Checkout, Order, OrderLine, OrderState, Payment, PaymentStatus, Totals, Trail},
    plan::{ChannelLimit, Plan, Standing, TRIAL},
    port::{NewChannel, NewUser, PaymentFact, ProviderEvent},
    tenant::{CompanySettings, CompanyType, NewCompany, Role, Tenant},
};

/// 2026-11-20 09:00 UTC, a Friday: the moment all fixtures start from.
pub const NOW: Timestamp = Timestamp::constant(1_795_165_200, 0);

/// So many seconds after [`NOW`].
#[must_use]
pub fn after(seconds: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(seconds)
}

/// A user with a fresh trial.
#[must_use]
pub fn new_user(email: &str, role: Role) -> NewUser {
    NewUser {
        email: email.to_owned(),
        password_hash: Secret::new("not a hash"),
        full_name: None,
        role,
        trial_ends_at: NOW + TRIAL,
        created_at: NOW,
    }
}

/// A company that sells both kinds, with default settings.
#[must_use]
pub fn new_company(name: &str) -> NewCompany {
    NewCompany {
        name: name.to_owned(),
        kind: CompanyType::Hybrid,
        shop_type: None,
        settings: CompanySettings::default(),
    }
}

/// A WhatsApp channel under this session name.
#[must_use]
pub fn new_channel(session: &str) -> NewChannel {
    NewChannel {
        platform: Platform::Whatsapp,
        session: session.to_owned(),
        account: None,
    }
}

/// A subscriber who may connect this many channels.
#[must_use]
pub fn subscribed(channels: u32) -> Standing {
    Standing::Subscribed {
        plan: Plan::Special,
        limit: ChannelLimit::AtMost(channels),
    }
}

/// A person named by phone.
#[must_use]
pub fn phone(number: &str) -> Identity {
    Identity::new(IdentityKind::Phone, number)
}

/// A text from this phone number, sent at [`NOW`].
#[must_use]
pub fn inbound(provider_id: &str, number: &str, text: &str) -> Inbound {
    Inbound {
        provider_id: provider_id.to_owned(),
        address: format!("{}@c.us", number.trim_start_matches('+')),
        sender: phone(number),
        aliases: Vec::new(),
        sender_name: Some("Ana".to_owned()),
        text: text.to_owned(),
        sent_at: NOW,
    }
}

/// A reply of the assistant that always goes.
#[must_use]
pub fn outgoing(conversation: &Conversation, text: &str) -> Outgoing {
    Outgoing {
        conversation: conversation.id,
        author: Author::Assistant,
        kind: MessageType::Type1,
        payment_status: PaymentStatus::NoPaymentLink,
        text: text.to_owned(),
        image: None,
        turn: None,
        fence: None,
    }
}

/// A new cart of one bouquet for this price; zero cents make a free one.
#[must_use]
pub fn cart(number: u128, tenant: Tenant, conversation: &Conversation, cents: i64) -> Order {
    let price = Money::eur(cents);
    Order {
        id: OrderId(Uuid::from_u128(number)),
        company: tenant.company(),
        customer: conversation.customer,
        conversation: conversation.id,
        version: 0,
        state: OrderState::Cart,
        lines: vec![line("201", price)],
        area: Area::Place("Barcelona".to_owned()),
        totals: Totals {
            products: price,
            delivery: Money::eur(0),
            total: price,
            free_delivery: false,
        },
        client_name: "Ana".to_owned(),
        recipient_phone: "+34600000001".to_owned(),
        language: "en".to_owned(),
        reminder_hours: None,
        slot: None,
        checkout: None,
        payment: None,
        problem: None,
        trail: Trail::default(),
        reminded_at: None,
        offer: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn line(sku: &str, price: Money) -> OrderLine {
    OrderLine {
        sku: sku.into(),
        kind: Kind::Product,
        name: "Bouquet of 10 roses".to_owned(),
        unit: Some("bouquet".to_owned()),
        price,
        quantity: 1,
        price_id: None,
    }
}

/// An open link with this session id, good for an hour.
#[must_use]
pub fn checkout(session: &str) -> Checkout {
    Checkout {
        session: session.to_owned(),
        url: format!("https://pay.example.com/{session}"),
        expires_at: after(3_600),
        created_at: NOW,
    }
}

/// The order as it waits for money under this link.
#[must_use]
pub fn awaiting(order: &Order, session: &str) -> Order {
    Order {
        state: OrderState::AwaitingPayment,
        checkout: Some(checkout(session)),
        ..order.clone()
    }
}

/// The order as it stands once its whole total has arrived, under `session` and `pay_<session>`.
#[must_use]
pub fn paid(order: &Order, session: &str) -> Order {
    Order {
        state: OrderState::Paid,
        payment: Some(Payment {
            session: session.to_owned(),
            reference: format!("pay_{session}"),
            amount: order.totals.total,
            paid_at: NOW,
        }),
        ..order.clone()
    }
}

/// A two-hour slot that starts so many hours after [`NOW`].
#[must_use]
pub fn slot(resource: &str, hours: i64, seat: u32) -> Slot {
    Slot {
        resource: resource.to_owned(),
        starts_at: after(hours * 3_600),
        ends_at: after((hours + 2) * 3_600),
        seat,
        cell_minutes: 0,
    }
}

/// A hold of an order that lets go an hour after [`NOW`].
#[must_use]
pub fn hold(order: &Order, slot: Slot) -> Hold {
    Hold {
        order: order.id,
        slot,
        expires_at: Some(after(3_600)),
    }
}

/// A standing delivery of an order.
#[must_use]
pub fn booking(number: u128, order: &Order, slot: Slot) -> Booking {
    Booking {
        id: BookingId(Uuid::from_u128(number)),
        order: order.id,
        kind: BookingKind::Delivery,
        slot,
        time_zone: "Europe/Madrid".to_owned(),
        place: order.area.as_str().to_owned(),
        title: order.description(),
        status: BookingStatus::Booked,
        calendar: CalendarState::Pending,
        event_id: format!("event{number}"),
        generation: 0,
        created_at: NOW,
    }
}

/// A turn's key.
#[must_use]
pub fn turn(number: u128) -> TurnId {
    TurnId(Uuid::from_u128(number))
}

/// A provider event that says this, about a connected account.
#[must_use]
pub fn event(id: &str, fact: Option<PaymentFact>) -> ProviderEvent {
    ProviderEvent {
        id: id.to_owned(),
        account: "acct_1".to_owned(),
        kind: "checkout.session.completed".to_owned(),
        created_at: NOW,
        fact,
    }
}

/// The money for a link came.
#[must_use]
pub fn money_came(id: &str, session: &str, cents: i64) -> ProviderEvent {
    let fact = PaymentFact::Paid {
        session: session.to_owned(),
        reference: format!("pay_{session}"),
        amount: Money::eur(cents),
    };
    event(id, Some(fact))
}

/// A flower shop: bouquets of 10 (201) and 20 (202), single roses (203), dear tulips (204), a free card (205).
#[must_use]
pub fn roses() -> Vec<Offering> {
    let fee = |amount, free_from: Option<i64>| Fee {
        amount: Money::eur(amount),
        free_from: free_from.map(Money::eur),
    };
    let row = |sku: &str, name: &str, unit: &str, cents, stock, cities: &[&str]| Offering {
        fee: Some(fee(5_00, Some(80_00))),
        stock: Some(Stock::new(stock)),
        delivery_hours: Some(6),
        reminder_hours: Some(3),
        description: format!("{name}, fresh from the garden.").into(),
        common: Common {
            group: Group {
                unit: Some(unit.to_owned()),
                areas: cities.iter().copied().collect(),
                category: Some("flowers".to_owned()),
                ..Group::default()
            }
            .into(),
            ..Common::default()
        }
        .into(),
        ..Offering::new(sku, Kind::Product, name, Money::eur(cents))
    };
    let south = ["Barcelona", "Valencia", "Madrid"];
    vec![
        row("201", "Bouquet of 10 roses", "bouquet", 29_90, 40, &south),
        row("202", "Bouquet of 20 roses", "bouquet", 54_50, 25, &south),
        row(
            "203",
            "Single rose",
            "piece",
            3_50,
            500,
            &["Barcelona", "Valencia"],
        ),
        Offering {
            fee: Some(fee(12_00, Some(150_000))),
            ..row(
                "204",
                "Basket of tulips",
                "basket",
                129_950,
                2,
                &["Barcelona"],
            )
        },
        Offering {
            fee: None,
            ..row("205", "Handmade card", "piece", 0, 1_000, &south)
        },
    ]
}

/// A hotel: a spa ritual (101), a boat trip (102), yoga that also works online (103), and a free online concierge (104).
#[must_use]
pub fn hotel() -> Vec<Offering> {
    let row = |sku: &str, name: &str, minutes: u32, cents, places: &[&str]| Offering {
        stock: Some(Stock::new(8)),
        reminder_hours: Some(2),
        description: format!("{name} with an experienced guide.").into(),
        common: Common {
            group: Group {
                unit: Some("session".to_owned()),
                duration: Some(format!("{minutes} minutes")),
                duration_minutes: Some(minutes),
                areas: places.iter().copied().collect(),
                category: Some("hotel".to_owned()),
                ..Group::default()
            }
            .into(),
            ..Common::default()
        }
        .into(),
        ..Offering::new(sku, Kind::Service, name, Money::eur(cents))
    };
    vec![
        row(
            "101",
            "Spa ritual with hot stones",
            90,
            85_00,
            &["Costa Adeje"],
        ),
        Offering {
            fee: Some(Fee {
                amount: Money::eur(15_00),
                free_from: Some(Money::eur(30_000)),
            }),
            ..row(
                "102",
                "Boat trip to La Gomera",
                480,
                12_000,
                &["Costa Adeje", "Los Gigantes"],
            )
        },
        row("103", "Sunrise yoga", 60, 25_00, &["Costa Adeje", "online"]),
        row("104", "Concierge call", 30, 0, &["online"]),
    ]
}
