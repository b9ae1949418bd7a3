//! The turn as the guard sees it.

use x8_core::{
    order::{CartLine, OrderState, PaymentStatus},
    port::TurnInput,
};

use crate::{
    agenda::{Plan, Say},
    guard::{Context, Known},
    policy,
};

/// Builds the guard's context from a turn whose session already holds what the burst told.
pub(super) fn of(input: &TurnInput, plan: &Plan) -> Context {
    let session = &plan.session;
    let order = input.order.as_ref();
    Context {
        source: input.platform.source().to_owned(),
        sender: input.sender.value.clone(),
        token: input.token.clone(),
        instance_id: input.instance_id.clone(),
        language: session.language.clone(),
        customer_text: input.customer_text(),
        payment_status: input.payment_status,
        cart: quoted(plan, order),
        known: Known {
            name: session.name.clone(),
            phone: session.phone.clone(),
            city: session.city.clone(),
        },
        refused_place: plan.says.iter().find_map(refused),
        privacy_policy_sent: policy::is_due(input),
        shown_images: session.shown_images.clone(),
        link_sent: input.payment_status != PaymentStatus::NoPaymentLink
            || order.is_some_and(|order| order.checkout.is_some()),
        conversation_first: Some(super::is_first(input)),
        open_order: order.is_some_and(|order| order.state == OrderState::AwaitingPayment),
    }
}

fn refused(say: &Say) -> Option<String> {
    let Say::CityRefused {
        asked, available, ..
    } = say
    else {
        return None;
    };
    // Where something else can be had, its place may be named.
    available.is_empty().then(|| asked.clone())
}

/// The cart, and the packs that a question offers: what the words may quote prices for (G4).
fn quoted(plan: &Plan, order: Option<&x8_core::order::Order>) -> Vec<CartLine> {
    let mut offered = Vec::new();
    for say in &plan.says {
        if let Say::Packs { options, .. } = say {
            offered.extend(options.concat());
        }
    }
    let cart = plan
        .session
        .cart
        .iter()
        .filter(|line| line.quantity > 0)
        .cloned();
    // What the answer about an order says of its sums.
    let told = plan.says.contains(&Say::Status);
    let ordered = order
        .filter(|_| told)
        .into_iter()
        .flat_map(|order| &order.lines);
    let ordered = ordered.map(|line| CartLine {
        sku: line.sku.clone(),
        quantity: line.quantity,
    });
    cart.chain(offered).chain(ordered).collect()
}
