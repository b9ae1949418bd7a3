//! Every port: what the core needs from the outside, as object-safe traits of at most eight required methods.
//!
//! No method has a default body, so a forgotten one is a compile error. Each bullet in a method's documentation is a
//! test of its conformance suite in `testing`. Store methods take a [`Tenant`](crate::tenant::Tenant) first (T6); the
//! few lookups that *establish* a tenant (webhook ingress, job claims) say so.

mod assistant;
mod calendar;
mod clock;
mod messenger;
mod payments;
mod store;
mod subscriptions;

pub use assistant::{Answer, Assistant, Decision, Draft, Notice, NoticeWriter, TurnInput};
pub use calendar::{Calendar, CalendarEvent};
pub use clock::{Clock, FixedClock, IdSource, SequentialIds};
pub use messenger::{
    ChannelSignal, Connector, InboundEvent, InboundParser, Link, LinkQr, OutboundText, Parsed,
    SendOutcome, Sender, WebhookVerifier,
};
pub use payments::{
    AccountChange, CheckoutRequest, CheckoutState, PaymentFact, PaymentProvider, ProviderCheckout,
    ProviderEvent,
};
pub use store::{
    Accepted, Accounts, Alert, AuditFinding, Catalogs, Changes, ChannelStore, Claim, Companies,
    ConversationUpdate, Documents, Forgotten, Inbox, Job, JobKind, Jobs, Ledger, NewChannel,
    NewJob, NewUser, OrderWrite, Page, Pending, Recorded, RefreshToken, Store, SubscriptionRecord,
    Subscriptions, TurnRecord, TurnState, Turns, Waiting,
};
pub use subscriptions::{
    AboutSubscription, PageState, SubscribePage, SubscribeRequest, SubscriptionEvent,
    SubscriptionProvider, SubscriptionWish,
};
