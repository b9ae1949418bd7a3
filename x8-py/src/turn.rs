//! One turn as plain data: what is asked, and what came of it.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use x8_core::{
    Error, Result,
    cart::{Priced, price},
    catalog::Catalog,
    channel::Platform,
    conversation::{Author, Delivery, Flow, Identity, IdentityKind, Message, MessageType},
    id::{ConversationId, MessageId},
    order::{Area, OrderLine, PaymentStatus},
    port::{Answer, Decision, Draft},
};

use crate::session::{Agreed, Kept};

/// A burst to answer, with what the caller keeps of the conversation.
#[derive(Deserialize)]
pub(crate) struct Asked {
    pub(crate) channel: String,
    pub(crate) sender: String,
    pub(crate) messages: Vec<String>,
    #[serde(default)]
    pub(crate) token: String,
    #[serde(default)]
    pub(crate) instance_id: String,
    #[serde(default)]
    pub(crate) history: Vec<Said>,
    #[serde(default)]
    pub(crate) session: Option<Kept>,
    #[serde(default)]
    pub(crate) payment_status: PaymentStatus,
    #[serde(default)]
    pub(crate) now: Option<Timestamp>,
}

/// An earlier message.
#[derive(Deserialize)]
pub(crate) struct Said {
    role: Who,
    content: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Who {
    User,
    Assistant,
    Human,
}

impl Asked {
    pub(crate) fn platform(&self) -> Result<Platform> {
        Platform::parse(&self.channel).ok_or_else(|| {
            let known: Vec<&str> = Platform::ALL.into_iter().map(Platform::source).collect();
            let known = known.join(", ");
            let what = format!(
                "turn.channel: `{}` is not one of {known}, gmail",
                self.channel
            );
            Error::invalid("assistant.reply", what)
        })
    }

    /// A number with `+` is one; a chat id or any other name stays what it is.
    pub(crate) fn identity(&self) -> Identity {
        let digits = self.sender.strip_prefix('+').unwrap_or_default();
        let phone = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let kind = if phone {
            IdentityKind::Phone
        } else {
            IdentityKind::Platform
        };
        Identity::new(kind, self.sender.clone())
    }

    /// History and burst as stored messages, numbered in their order.
    ///
    /// # Errors
    /// `Invalid` without a message to answer.
    pub(crate) fn conversation(&self, now: Timestamp) -> Result<(Vec<Message>, Vec<Message>)> {
        if self.messages.is_empty() {
            let what = "turn.messages: at least one is needed";
            return Err(Error::invalid("assistant.reply", what));
        }
        let mut ids = (1..).map(MessageId);
        let mut message = |who: Who, text: &str| Message {
            id: ids.next().unwrap_or(MessageId(0)),
            conversation: ConversationId(1),
            flow: if who == Who::User {
                Flow::Inbound
            } else {
                Flow::Outbound
            },
            author: match who {
                Who::User => Author::Customer,
                Who::Assistant => Author::Assistant,
                Who::Human => Author::Human,
            },
            kind: MessageType::Type1,
            payment_status: self.payment_status,
            text: text.to_owned(),
            image: None,
            provider_id: None,
            at: now,
            delivery: if who == Who::User {
                Delivery::Received
            } else {
                Delivery::Sent
            },
            problem: None,
            turn: None,
        };
        let history = self.history.iter();
        let history = history.map(|one| message(one.role, &one.content)).collect();
        let burst = self.messages.iter();
        Ok((
            history,
            burst.map(|text| message(Who::User, text)).collect(),
        ))
    }
}

/// What came of a turn. `before` is what came in: a customer who was only told to wait is read again (A11).
pub(crate) fn outcome(answer: &Answer, catalog: &Catalog, before: Kept) -> Result<Value> {
    let mut kept = before;
    if !answer.held {
        kept.told = answer.session.clone();
    }
    let (decision, order) = match &answer.decision {
        Decision::Inform => ("inform", Value::Null),
        Decision::ChooseTime(at) => ("choose_time", json!({ "starts_at": at })),
        Decision::DeclineTimes => ("decline_times", Value::Null),
        Decision::Cancel => {
            kept.order = None;
            ("cancel", Value::Null)
        }
        Decision::Checkout(draft) => {
            let priced = priced(draft, catalog)?;
            let order = order(draft, &priced);
            kept.order = Some(Agreed::new(draft, priced));
            ("checkout", order)
        }
    };
    let noted = |key| {
        answer
            .findings
            .get(key)
            .cloned()
            .unwrap_or_else(|| json!([]))
    };
    Ok(json!({
        "text": answer.text,
        "image": answer.image,
        "reply": answer.reply,
        "decision": decision,
        "order": order,
        "session": kept,
        "findings": noted("findings"),
        "tries": noted("tries"),
        "held": answer.held,
        "fell_back": answer.fell_back,
    }))
}

/// The order's figures, from rows once more (O5).
fn priced(draft: &Draft, catalog: &Catalog) -> Result<Priced> {
    let at_place = matches!(draft.area, Area::Place(_));
    price(catalog, &draft.cart, at_place)
        .map_err(|refusal| Error::internal("assistant.order", refusal))
}

fn order(draft: &Draft, priced: &Priced) -> Value {
    let line = |line: &OrderLine| {
        json!({
            "sku": line.sku.as_str(),
            "name": line.name,
            "unit": line.unit,
            "quantity": line.quantity,
            "price_cents": line.price.minor(),
            "price_id": line.price_id,
        })
    };
    let lines: Vec<Value> = priced.lines.iter().map(line).collect();
    json!({
        "lines": lines,
        "products_cents": priced.totals.products.minor(),
        "delivery_cents": priced.totals.delivery.minor(),
        "total_cents": priced.totals.total.minor(),
        "currency": priced.totals.total.currency().code(),
        "free_delivery": priced.totals.free_delivery,
        "area": draft.area.as_str(),
        "name": draft.client_name,
        "phone": draft.recipient_phone,
        "language": draft.language,
        "wished_start": draft.wished_start,
        "remind": draft.remind,
        "reminder_hours": priced.reminder_hours,
    })
}
