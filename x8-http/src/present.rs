//! What leaves the server: the JSON shapes of the API, apart from the types of the core.
//!
//! Names follow the existing application's columns; times are ISO-8601 UTC (R3); amounts are exact text beside minor units.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use x8_core::{
    Money,
    booking::{self, BookingKind, BookingStatus, CalendarState},
    catalog::Catalog,
    channel::{self, ChannelStatus, Platform},
    conversation::{self, Author, Delivery, Flow, MessageType},
    order::{self, OrderState, PaymentStatus},
    tenant::{self, CompanySettings, CompanyStatus, CompanyType, Role},
};

pub mod guard;
mod subscription;

pub use subscription::{ActiveSubscription, Entitlement, OverLimit, PlanOffer, Subscription};

/// An exact amount.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Amount {
    /// Decimal text: `94.70`.
    pub amount: String,
    /// Minor units: 9470.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self {
            amount: money.digits(),
            minor: money.minor(),
            currency: money.currency().code().to_owned(),
        }
    }
}

/// A SaaS account. Never its hash.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UserOut)]
pub struct User {
    /// Key.
    pub id: i64,
    /// Lower case.
    pub email: String,
    /// As the person writes it.
    pub full_name: Option<String>,
    /// T1.
    #[schema(value_type = String, example = "CLIENT")]
    pub role: Role,
    /// A disabled account can do nothing.
    pub is_active: bool,
    /// Sees everything.
    pub is_superuser: bool,
    /// The manager this client is assigned to.
    pub manager_id: Option<i64>,
    /// E1.
    pub trial_ends_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl From<tenant::User> for User {
    fn from(user: tenant::User) -> Self {
        Self {
            id: user.id.0,
            email: user.email,
            full_name: user.full_name,
            role: user.role,
            is_active: user.is_active,
            is_superuser: user.is_superuser,
            manager_id: user.manager.map(|manager| manager.0),
            trial_ends_at: user.trial_ends_at,
            created_at: user.created_at,
        }
    }
}

/// A company.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompanyOut)]
pub struct Company {
    /// Key.
    pub id: i64,
    /// `COMP001`.
    pub company_id: String,
    /// Display name.
    pub name: String,
    /// The owner.
    pub user_id: i64,
    /// T5.
    #[schema(value_type = String, example = "Product")]
    pub company_type: CompanyType,
    /// Free words about the shop.
    pub shop_type: Option<String>,
    /// T5.
    #[schema(value_type = String, example = "ACTIVE")]
    pub status: CompanyStatus,
    /// Time zone, opening hours and policies.
    #[schema(value_type = Object)]
    pub settings: CompanySettings,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<tenant::Company> for Company {
    fn from(company: tenant::Company) -> Self {
        Self {
            id: company.id.0,
            company_id: company.public_id,
            name: company.name,
            user_id: company.owner.0,
            company_type: company.kind,
            shop_type: company.shop_type,
            status: company.status,
            settings: company.settings,
            created_at: company.created_at,
        }
    }
}

/// A connected account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChannelOut)]
pub struct Channel {
    /// Key.
    pub id: i64,
    /// The company.
    pub company_id: i64,
    /// Its owner.
    pub user_id: i64,
    /// Which platform.
    #[schema(value_type = String, example = "WHATSAPP")]
    pub platform: Platform,
    /// Whether it works or is about to.
    pub is_active: bool,
    /// H7.
    #[schema(value_type = String, example = "CONNECTED")]
    pub status: ChannelStatus,
    /// The account at the platform, once known.
    pub platform_account_id: Option<String>,
    /// The provider's name for it.
    pub session: String,
    /// Why it is in error.
    pub last_error: Option<String>,
    /// Errors since it last worked.
    pub error_count: u32,
    /// Last change.
    pub updated_at: Timestamp,
}

impl From<channel::Channel> for Channel {
    fn from(channel: channel::Channel) -> Self {
        Self {
            id: channel.id.0,
            company_id: channel.company.0,
            user_id: channel.user.0,
            platform: channel.platform,
            is_active: channel.status != ChannelStatus::Disconnected,
            status: channel.status,
            platform_account_id: channel.account,
            session: channel.session,
            last_error: channel.last_error,
            error_count: channel.error_count,
            updated_at: channel.updated_at,
        }
    }
}

/// A thread with one customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ConversationOut)]
pub struct Conversation {
    /// Key.
    pub id: i64,
    /// The company.
    pub company_id: i64,
    /// The channel it runs on.
    pub channel_id: i64,
    /// Its platform.
    #[schema(value_type = String, example = "WHATSAPP")]
    pub platform: Platform,
    /// The customer's name at the platform.
    pub customer_name: Option<String>,
    /// How the customer writes here.
    pub sender: String,
    /// Whether a human has taken over (C4).
    pub taken_over: bool,
    /// Language of the conversation, once known.
    pub language: Option<String>,
    /// When the last message came or went.
    pub last_message_at: Timestamp,
}

impl Conversation {
    /// A thread of this company.
    #[must_use]
    pub fn of(company: &tenant::Company, thread: conversation::Conversation) -> Self {
        Self {
            id: thread.id.0,
            company_id: company.id.0,
            channel_id: thread.channel.0,
            platform: thread.platform,
            customer_name: thread.customer_name,
            sender: thread.sender.value,
            taken_over: thread.taken_over,
            language: thread.session.language,
            last_message_at: thread.last_message_at,
        }
    }
}

/// A message.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MessageOut)]
pub struct Message {
    /// Key.
    pub id: i64,
    /// The thread.
    pub conversation_id: i64,
    /// `inbound` or `outbound`.
    #[schema(value_type = String)]
    pub direction: Flow,
    /// `customer`, `assistant`, `human` or `system`.
    #[schema(value_type = String)]
    pub author: Author,
    /// C3: `TYPE1`, `TYPE2` or `TYPE3`.
    #[schema(value_type = String)]
    pub message_type: MessageType,
    /// C3: at that time.
    #[schema(value_type = String)]
    pub payment_status: PaymentStatus,
    /// The words.
    pub text: String,
    /// The image that goes with it.
    pub imageurl: Option<String>,
    /// Provider time for what came in, commit time for what went out.
    pub created_at: Timestamp,
    /// H3.
    #[schema(value_type = String)]
    pub delivery: Delivery,
    /// Why delivery failed.
    pub problem: Option<String>,
}

impl From<conversation::Message> for Message {
    fn from(message: conversation::Message) -> Self {
        Self {
            id: message.id.0,
            conversation_id: message.conversation.0,
            direction: message.flow,
            author: message.author,
            message_type: message.kind,
            payment_status: message.payment_status,
            text: message.text,
            imageurl: message.image,
            created_at: message.at,
            delivery: message.delivery,
            problem: message.problem,
        }
    }
}

/// A line of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderLineOut)]
pub struct OrderLine {
    /// Catalogue key.
    pub sku: String,
    /// Name at the time of the order.
    pub name: String,
    /// Unit at the time of the order.
    pub unit: Option<String>,
    /// SKU units.
    pub quantity: u32,
    /// Price of one unit.
    pub price: Amount,
}

/// An order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrderOut)]
pub struct Order {
    /// Key.
    pub id: Uuid,
    /// The company.
    pub company_id: i64,
    /// Where it was agreed.
    pub conversation_id: i64,
    /// O11.
    #[schema(value_type = String, example = "awaiting_payment")]
    pub state: OrderState,
    /// O8.
    #[schema(value_type = String, example = "payment_link_sent")]
    pub payment_status: PaymentStatus,
    /// What was agreed.
    pub items: Vec<OrderLine>,
    /// One line for people.
    pub order_description: String,
    /// O2, O3: the city, or `online`.
    pub city: String,
    /// Σ price × quantity.
    pub products_sum: Amount,
    /// Delivery or travel, once.
    pub delivery_sum: Amount,
    /// What is charged.
    pub total_sum: Amount,
    /// Whether the threshold waived delivery.
    pub free_delivery: bool,
    /// O4.
    pub client_name: String,
    /// O4.
    pub recipient_phone_number: String,
    /// Where the customer pays, while the link lives.
    pub payment_link: Option<String>,
    /// When the link runs out.
    pub payment_link_expires_at: Option<Timestamp>,
    /// When the money came.
    pub paid_at: Option<Timestamp>,
    /// Start of the held or booked time.
    pub starts_at: Option<Timestamp>,
    /// Why it needs somebody.
    pub problem: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Who ordered.
    pub customer_id: i64,
    /// When the present link was sent.
    pub payment_link_sent_at: Option<Timestamp>,
    /// The provider's id of the link.
    pub payment_session: Option<String>,
    /// The provider's id of the payment.
    pub payment_reference: Option<String>,
    /// The customer has paid by a method that takes days; the money is on its way.
    pub payment_processing: bool,
    /// What went back so far, while the order stands.
    pub returned_sum: Option<Amount>,
    /// Where the last dispute about the payment stands: `inquiry`, `open`, `won` or `lost`.
    #[schema(value_type = Option<String>, example = "open")]
    pub dispute: Option<order::DisputeState>,
    /// P8: every status with its time, oldest first.
    pub status_history: Vec<OrderStep>,
}

/// A line of an order's status history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderStep {
    /// When.
    pub at: Timestamp,
    /// The state from then on.
    #[schema(value_type = String, example = "paid")]
    pub state: OrderState,
    /// What happened, when the state does not say it.
    pub note: Option<String>,
}

impl From<order::Step> for OrderStep {
    fn from(step: order::Step) -> Self {
        Self {
            at: step.at,
            state: step.state,
            note: step.note,
        }
    }
}

impl From<order::Order> for Order {
    fn from(order: order::Order) -> Self {
        let live = order.state == OrderState::AwaitingPayment && !order.trail.processing;
        let link = order.checkout.as_ref().filter(|_| live);
        Self {
            id: order.id.0,
            company_id: order.company.0,
            conversation_id: order.conversation.0,
            state: order.state,
            payment_status: order.payment_status(),
            order_description: order.description(),
            city: order.area.as_str().to_owned(),
            products_sum: order.totals.products.into(),
            delivery_sum: order.totals.delivery.into(),
            total_sum: order.totals.total.into(),
            free_delivery: order.totals.free_delivery,
            payment_link: link.map(|link| link.url.clone()),
            payment_link_expires_at: link.map(|link| link.expires_at),
            payment_link_sent_at: order.checkout.as_ref().map(|link| link.created_at),
            payment_session: order.checkout.as_ref().map(|link| link.session.clone()),
            payment_reference: order.payment.as_ref().map(|money| money.reference.clone()),
            payment_processing: order.trail.processing,
            returned_sum: order.trail.returned.map(Amount::from),
            dispute: order.trail.dispute.as_ref().map(|dispute| dispute.state),
            customer_id: order.customer.0,
            status_history: order.trail.steps.into_iter().map(OrderStep::from).collect(),
            paid_at: order.payment.as_ref().map(|payment| payment.paid_at),
            starts_at: order.slot.as_ref().map(|slot| slot.starts_at),
            items: order.lines.into_iter().map(OrderLine::from).collect(),
            client_name: order.client_name,
            recipient_phone_number: order.recipient_phone,
            problem: order.problem,
            created_at: order.created_at,
            updated_at: order.updated_at,
        }
    }
}

impl From<order::OrderLine> for OrderLine {
    fn from(line: order::OrderLine) -> Self {
        Self {
            sku: line.sku.to_string(),
            name: line.name,
            unit: line.unit,
            quantity: line.quantity,
            price: line.price.into(),
        }
    }
}

/// A delivery or an appointment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BookingOut)]
pub struct Booking {
    /// Key.
    pub id: Uuid,
    /// Its order.
    pub order_id: Uuid,
    /// `delivery` or `appointment`.
    #[schema(value_type = String)]
    pub kind: BookingKind,
    /// `booked` or `cancelled`.
    #[schema(value_type = String)]
    pub status: BookingStatus,
    /// Start.
    pub starts_at: Timestamp,
    /// End.
    pub ends_at: Timestamp,
    /// The company's zone.
    pub time_zone: String,
    /// City, or `online`.
    pub place: String,
    /// What it is about.
    pub title: String,
    /// Where the copy in the company's calendar stands (B5).
    #[schema(value_type = String)]
    pub calendar: CalendarState,
    /// Where to meet online, once the calendar has made the link.
    pub meeting_url: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<booking::Booking> for Booking {
    fn from(booking: booking::Booking) -> Self {
        Self {
            id: booking.id.0,
            order_id: booking.order.0,
            kind: booking.kind,
            status: booking.status,
            starts_at: booking.slot.starts_at,
            ends_at: booking.slot.ends_at,
            time_zone: booking.time_zone,
            place: booking.place,
            title: booking.title,
            calendar: booking.calendar,
            meeting_url: booking.meeting_url,
            created_at: booking.created_at,
        }
    }
}

/// A free time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SlotOut)]
pub struct Slot {
    /// Start, UTC.
    pub starts_at: Timestamp,
    /// End, UTC.
    pub ends_at: Timestamp,
    /// Start on the company's own clock.
    pub local_start: String,
    /// The company's zone.
    pub time_zone: String,
}

/// A version of a knowledge base.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = KnowledgeBaseOut)]
pub struct KnowledgeBase {
    /// Key of this version.
    pub id: i64,
    /// The company.
    pub company_id: i64,
    /// `DB Product <Name>`.
    pub name: String,
    /// 1, 2, 3, … per company.
    pub version: u32,
    /// Whether it is the one that answers customers.
    pub is_live: bool,
}

impl KnowledgeBase {
    /// A version, and whether it is live.
    #[must_use]
    pub fn of(catalog: &Catalog, is_live: bool) -> Self {
        Self {
            id: catalog.id.0,
            company_id: catalog.company.0,
            name: catalog.name.clone(),
            version: catalog.version,
            is_live,
        }
    }
}
