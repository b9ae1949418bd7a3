//! What is stored.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use uuid::Uuid;

use super::{jobs::Queue, seats::Seats};
use crate::{
    booking::Booking,
    catalog::Catalog,
    channel::{Channel, ChannelStatus},
    conversation::{Conversation, Identity, Message},
    id::{
        BookingId, CatalogId, ChannelId, CompanyId, ConversationId, CustomerId, MessageId, OrderId,
        TurnId, UserId,
    },
    order::Order,
    plan::Subscription,
    port::{Alert, ProviderEvent, RefreshToken, TurnRecord},
    tenant::{Company, Tenant, User},
    turn::Call,
};

/// Every table, with the indexes that are unique keys elsewhere.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) users: BTreeMap<UserId, User>,
    /// Given to a user outright, beside those that were billed.
    pub(super) subscriptions: BTreeMap<UserId, Subscription>,
    pub(super) billing: super::subscriptions::Billing,
    pub(super) refresh: HashMap<Uuid, Refresh>,
    pub(super) companies: BTreeMap<CompanyId, Company>,
    pub(super) channels: BTreeMap<ChannelId, Channel>,
    pub(super) channel_log: Vec<(ChannelId, ChannelChange)>,
    pub(super) shelves: BTreeMap<CompanyId, Shelf>,
    pub(super) catalogs: Counter,
    pub(super) documents: BTreeMap<(String, String), (serde_json::Value, u32)>,
    pub(super) customers: BTreeMap<CustomerId, CompanyId>,
    pub(super) identities: HashMap<(CompanyId, Identity), CustomerId>,
    pub(super) threads: BTreeMap<ConversationId, Thread>,
    pub(super) thread_of: HashMap<(ChannelId, CustomerId), ConversationId>,
    pub(super) messages: BTreeMap<MessageId, Stored>,
    pub(super) by_provider: HashMap<(ChannelId, String), MessageId>,
    pub(super) orders: BTreeMap<OrderId, Order>,
    /// Every session and payment reference an order ever had.
    pub(super) payment_keys: HashMap<String, OrderId>,
    pub(super) seats: Seats,
    pub(super) bookings: BTreeMap<BookingId, (CompanyId, Booking)>,
    pub(super) events: BTreeMap<(String, String), StoredEvent>,
    pub(super) alerts: Vec<(Tenant, Timestamp, Alert)>,
    /// Keys of alerts that are raised once.
    pub(super) raised: BTreeSet<(Tenant, String)>,
    pub(super) turns: BTreeMap<TurnId, (Tenant, TurnRecord)>,
    pub(super) calls: Vec<(Tenant, Call)>,
    pub(super) queue: Queue,
}

/// Hands out 1, 2, 3, …
#[derive(Debug, Default)]
pub(super) struct Counter(i64);

impl Counter {
    pub(super) fn next(&mut self) -> i64 {
        self.0 += 1;
        self.0
    }
}

/// The key after the last of a table from which nothing is ever taken out.
pub(super) fn next_key<K: Ord, V>(table: &BTreeMap<K, V>, number: impl Fn(&K) -> i64) -> i64 {
    table.last_key_value().map_or(0, |(key, _)| number(key)) + 1
}

/// S1: a token, and whether it was used.
#[derive(Debug)]
pub(super) struct Refresh {
    pub(super) token: RefreshToken,
    pub(super) used: bool,
}

/// One change of a channel's status (H7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelChange {
    /// When.
    pub at: Timestamp,
    /// The status before.
    pub from: ChannelStatus,
    /// The status after.
    pub to: ChannelStatus,
    /// The provider's reason, when it gave one.
    pub reason: Option<String>,
}

/// The versions of one company's catalogue, oldest first.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) versions: Vec<Arc<Catalog>>,
    pub(super) live: Option<CatalogId>,
}

/// A conversation and whose it is.
#[derive(Debug)]
pub(super) struct Thread {
    pub(super) company: CompanyId,
    pub(super) conversation: Conversation,
}

/// A message with what only the store knows about it.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) company: CompanyId,
    pub(super) channel: ChannelId,
    pub(super) arrived_at: Timestamp,
    pub(super) fence: Option<u32>,
    pub(super) message: Message,
}

/// A provider's event as it came.
#[derive(Debug)]
pub(super) struct StoredEvent {
    pub(super) event: ProviderEvent,
    pub(super) body: Vec<u8>,
    pub(super) stored_at: Timestamp,
    /// Whether it was looked up and had no order: then the order's commit must wake it (O13).
    pub(super) orphan: bool,
}

impl State {
    /// The customer's newest order (O8).
    pub(super) fn newest_order(&self, company: CompanyId, customer: CustomerId) -> Option<&Order> {
        self.orders
            .values()
            .filter(|order| order.company == company && order.customer == customer)
            .max_by_key(|order| (order.created_at, order.id))
    }
}
