//! From the checked work to the reply contract: every figure out of the priced order.

use super::work::Work;
use crate::contract::{Addressee, Basket, LineItem, Reply, STRIPE_LANGS, stripe_lang};

/// Customers' names longer than this are cut.
const LONGEST_NAME: usize = 120;

pub(super) fn reply(work: &Work<'_>) -> Reply {
    let addressee = Addressee {
        sender: work.context.sender.clone(),
        token: work.context.token.clone(),
        instance_id: work.context.instance_id.clone(),
    };
    let language = language(work);
    let mut reply = Reply::informational(work.text(), addressee, language);
    reply.imageurl.clone_from(&work.image);
    reply.videourl.clone_from(&work.video);
    reply.city.clone_from(&work.city);
    reply.recipient_phone_number.clone_from(&work.phone);
    reply.client_name = work.name.chars().take(LONGEST_NAME).collect();
    reply.remind = work.remind;
    reply.change_payment_status = work.change;
    let Some(order) = &work.order else {
        return reply;
    };
    let totals = order.priced.totals;
    reply.send_payment_link = !totals.total.is_zero();
    reply.units_to_buy = order
        .priced
        .lines
        .iter()
        .map(|line| u64::from(line.quantity))
        .sum();
    reply.total_sum = totals.total;
    reply.products_sum = totals.products;
    reply.delivery_sum = totals.delivery;
    reply.free_delivery = Some(totals.free_delivery);
    reply.items = Some(vec![Basket {
        line_items: lines(work),
    }]);
    reply.order_description = super::g10_link::summary(order);
    reply.payment_reminder_hours = order.priced.reminder_hours.unwrap_or(0);
    let claimed = work.claims.stripe_lang.as_deref().unwrap_or_default();
    let known = STRIPE_LANGS.into_iter().find(|code| *code == claimed);
    reply.stripe_lang = Some(known.unwrap_or_else(|| stripe_lang(language)).to_owned());
    reply
}

fn lines(work: &Work<'_>) -> Vec<LineItem> {
    let Some(order) = &work.order else {
        return Vec::new();
    };
    let line = |line: &x8_core::order::OrderLine| LineItem {
        sku: line.sku.clone(),
        price: line.price_id.clone().unwrap_or_default(),
        shipping_rate: work
            .row(&line.sku)
            .and_then(|row| row.delivery_id.clone())
            .unwrap_or_default(),
        quantity: line.quantity,
    };
    order.priced.lines.iter().map(line).collect()
}

/// The turn's language, else the one the model saw, else that of the guard's own words.
fn language<'a>(work: &'a Work<'_>) -> &'a str {
    let named = work
        .context
        .language
        .as_deref()
        .or(work.claims.language.as_deref());
    named
        .map(str::trim)
        .filter(|name| !name.is_empty() && name.chars().count() <= 32)
        .unwrap_or_else(|| work.tongue.code())
}
