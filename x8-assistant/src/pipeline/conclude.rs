//! From an accepted reply to the answer of the turn, or to a line that holds the customer.

use serde_json::json;
use x8_core::{
    Error, Result,
    conversation::Session,
    port::{Answer, Decision, Draft, TurnInput},
};

use super::judge::{Accepted, Tried};
use crate::{
    agenda::{Plan, TimeChoice},
    contract::{Addressee, Reply},
    guard::CheckedOrder,
    guided::GuidedModel,
    phrases::Phrases,
    policy,
};

/// The answer that an accepted reply makes.
pub(super) fn answer(
    input: &TurnInput,
    plan: &Plan,
    accepted: Accepted,
    tried: Tried,
) -> Result<Answer> {
    let Accepted {
        mut reply,
        verdict,
        output,
        model,
    } = accepted;
    let image = Some(reply.imageurl.clone()).filter(|url| !url.is_empty());
    let mut session = plan.session.clone();
    if let Some(url) = &image {
        let rows = input.catalog.offerings().iter();
        let shown = rows
            .filter(|row| row.media.image.as_deref() == Some(url.as_str()))
            .map(|row| row.sku.clone());
        session.shown_images.extend(shown);
    }
    policy::add(input, &mut session, &mut reply.response);
    let decision = match verdict.order {
        _ if plan.time.is_some() => chosen(plan.time),
        Some(order) => Decision::Checkout(close(&mut session, order, reply.remind)),
        None if plan.cancel => Decision::Cancel,
        None => Decision::Inform,
    };
    let asked_another = tried
        .tries
        .first()
        .is_some_and(|one| one.model != GuidedModel::NAME);
    Ok(Answer {
        text: reply.response.clone(),
        image,
        decision,
        session,
        reply: to_json(&reply)?,
        held: false,
        fell_back: asked_another && model == GuidedModel::NAME,
        model_output: output,
        findings: json!({ "findings": verdict.findings, "tries": tried.notes }),
        tries: tried.tries,
    })
}

/// A11: a safe line in the customer's language. The use case keeps the session of before: the same words are read again.
pub(super) fn holding(input: &TurnInput, phrases: &Phrases, tried: Tried) -> Result<Answer> {
    let language = input.session.language.as_deref().unwrap_or("en");
    let text = phrases.render(language, "holding", &json!({}))?;
    let addressee = Addressee {
        sender: input.sender.value.clone(),
        token: input.token.clone(),
        instance_id: input.instance_id.clone(),
    };
    let reply = Reply::informational(text.clone(), addressee, language);
    Ok(Answer {
        text,
        image: None,
        decision: Decision::Inform,
        session: input.session.clone(),
        reply: to_json(&reply)?,
        held: true,
        fell_back: false,
        model_output: String::new(),
        findings: json!({ "tries": tried.notes }),
        tries: tried.tries,
    })
}

/// B4.
fn chosen(time: Option<TimeChoice>) -> Decision {
    match time {
        Some(TimeChoice::Start(at)) => Decision::ChooseTime(at),
        Some(TimeChoice::Nothing) => Decision::DeclineTimes,
        None => Decision::Inform,
    }
}

/// Empties the cart into a draft; name, phone and city stay for the next order.
fn close(session: &mut Session, order: CheckedOrder, remind: bool) -> Draft {
    session.cart.clear();
    session.asked = None;
    session.focus = None;
    session.order_done = true;
    session.refused_city = None;
    session.name = Some(order.client_name.clone());
    session.phone = Some(order.recipient_phone.clone());
    Draft {
        cart: order.cart,
        area: order.area,
        client_name: order.client_name,
        recipient_phone: order.recipient_phone,
        wished_start: session.wished_start.take(),
        language: session.language.clone().unwrap_or_else(|| "en".to_owned()),
        remind: remind && !session.no_reminders,
    }
}

fn to_json(reply: &Reply) -> Result<serde_json::Value> {
    serde_json::to_value(reply).map_err(|error| Error::internal("turn.reply", error))
}
