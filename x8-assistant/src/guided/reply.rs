//! The reply contract object around the words.

use x8_core::{Error, Result, Sku, catalog::Catalog, order::PaymentStatus, port::TurnInput};

use crate::{
    agenda::{Complete, Plan, Say},
    contract::{Addressee, Basket, LineItem, Reply, stripe_lang},
};

/// Builds the contract object as JSON text.
pub(super) fn assemble(input: &TurnInput, plan: &Plan, text: String) -> Result<String> {
    let language = plan.session.language.as_deref().unwrap_or("en");
    let addressee = Addressee {
        sender: input.sender.value.clone(),
        token: input.token.clone(),
        instance_id: input.instance_id.clone(),
    };
    let mut reply = Reply::informational(text, addressee, language);
    reply.city = plan.session.city.clone().unwrap_or_default();
    reply.client_name = plan.session.name.clone().unwrap_or_default();
    reply.recipient_phone_number = plan.session.phone.clone().unwrap_or_default();
    // G12: said in the turn of the objection; the session remembers it from then on.
    let sent = input.payment_status == PaymentStatus::PaymentLinkSent;
    reply.remind = !(sent && plan.says.iter().any(objects));
    media(&mut reply, &input.catalog, plan);
    for say in &plan.says {
        if let Say::Checkout(complete) = say {
            order(&mut reply, &input.catalog, complete, language);
        }
    }
    serde_json::to_string(&reply).map_err(|error| Error::internal("guided.reply", error))
}

fn objects(say: &Say) -> bool {
    matches!(say, Say::RemindersStopped | Say::Cancelled { order: true })
}

/// G13: an image once, when one offering is the subject; a video only when asked for.
fn media(reply: &mut Reply, catalog: &Catalog, plan: &Plan) {
    let image = |sku: &Sku| {
        catalog
            .get(sku)
            .and_then(|row| row.media.image.as_deref().map(str::to_owned))
            .filter(|_| !plan.session.shown_images.contains(sku))
    };
    for say in &plan.says {
        if let Say::Photo { sku, shown: false } | Say::Brief(sku) | Say::Details(sku) = say {
            reply.imageurl = image(sku).unwrap_or_default();
        }
        if let Say::Video(sku) = say {
            let video = catalog
                .get(sku)
                .and_then(|row| row.media.video.as_deref().map(str::to_owned));
            reply.videourl = video.unwrap_or_default();
        }
    }
}

fn order(reply: &mut Reply, catalog: &Catalog, complete: &Complete, language: &str) {
    let totals = &complete.priced.totals;
    let line = |line: &x8_core::order::OrderLine| LineItem {
        sku: line.sku.clone(),
        price: line.price_id.clone().unwrap_or_default(),
        shipping_rate: catalog
            .get(&line.sku)
            .and_then(|row| row.delivery_id.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        quantity: line.quantity,
    };
    let lines = &complete.priced.lines;
    let words: Vec<String> = lines
        .iter()
        .map(|line| format!("{} × {}", line.quantity, line.name))
        .collect();
    reply.send_payment_link = !totals.total.is_zero();
    reply.city = complete.area.as_str().to_owned();
    reply.units_to_buy = lines.iter().map(|line| u64::from(line.quantity)).sum();
    reply.total_sum = totals.total;
    reply.products_sum = totals.products;
    reply.delivery_sum = totals.delivery;
    reply.free_delivery = Some(totals.free_delivery);
    reply.items = Some(vec![Basket {
        line_items: lines.iter().map(line).collect(),
    }]);
    reply.recipient_phone_number.clone_from(&complete.phone);
    reply.client_name.clone_from(&complete.name);
    reply.order_description = words.join(", ");
    reply.payment_reminder_hours = complete.priced.reminder_hours.unwrap_or(0);
    reply.stripe_lang = Some(stripe_lang(language).to_owned());
    reply.change_payment_status = complete.replaces;
}
