//! What each request does.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    FakeSubscriptions,
    book::{Book, Page, Reply},
};
use crate::testing::RecordedRequest;

/// What a new page may have, with `*` for any word of metadata.
const PAGE: [&str; 9] = [
    "mode",
    "customer",
    "client_reference_id",
    "line_items[0][price]",
    "line_items[0][quantity]",
    "success_url",
    "cancel_url",
    "metadata[*]",
    "subscription_data[metadata][*]",
];

/// What a change of a subscription may have.
const CHANGE: [&str; 6] = [
    "items[0][id]",
    "items[0][price]",
    "proration_behavior",
    "cancel_at_period_end",
    "cancel_at",
    "metadata[*]",
];

type Form = BTreeMap<String, String>;

fn refusal(status: u16, code: &str, param: &str, message: &str) -> Reply {
    let error = json!({
        "type": "invalid_request_error", "code": code, "param": param, "message": message,
    });
    (status, json!({ "error": error }))
}

/// An answer, and whether it is a stored one.
pub(super) fn answer(book: &mut Book, request: &RecordedRequest) -> (Reply, bool) {
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    let expected = format!("Bearer {}", FakeSubscriptions::api_key().expose());
    if header("authorization") != Some(expected.as_str()) {
        return (refusal(401, "", "", "Invalid API Key provided"), false);
    }
    if header("stripe-account").is_some() {
        let message = "subscriptions belong to the platform, not to a connected account";
        return (refusal(403, "account_invalid", "", message), false);
    }
    let Some(key) = header("idempotency-key").filter(|_| request.method == "POST") else {
        return (route(book, request), false);
    };
    if let Some((before, reply)) = book.keys.get(key) {
        if before.path == request.path && before.form == request.form {
            return (reply.clone(), true);
        }
        let message = "Keys for idempotent requests can only be used with the same parameters";
        let error = json!({ "type": "idempotency_error", "message": message });
        return ((400, json!({ "error": error })), false);
    }
    let reply = route(book, request);
    if reply.0 == 200 {
        book.keys
            .insert(key.to_owned(), (request.clone(), reply.clone()));
    }
    (reply, false)
}

fn route(book: &mut Book, request: &RecordedRequest) -> Reply {
    let path: Vec<&str> = request.path.split('/').skip(1).collect();
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["v1", "customers"]) => {
            let id = format!("cus_{:04}", book.customers.len());
            book.customers.push(id.clone());
            (200, json!({ "id": id, "object": "customer" }))
        }
        ("POST", ["v1", "checkout", "sessions"]) => open(book, &request.form),
        ("GET", ["v1", "checkout", "sessions", id]) => page(book, id, false),
        ("POST", ["v1", "checkout", "sessions", id, "expire"]) => page(book, id, true),
        ("GET", ["v1", "subscriptions", id]) => match book.sold.get(*id) {
            Some(sold) => (200, book.json(sold)),
            None => missing("subscription", id),
        },
        ("POST", ["v1", "subscriptions", id]) => change(book, id, &request.form),
        _unknown => refusal(404, "", "", "Unrecognized request URL"),
    }
}

fn missing(what: &str, id: &str) -> Reply {
    refusal(
        404,
        "resource_missing",
        what,
        &format!("No such {what}: {id}"),
    )
}

/// The first field that is not among those known.
fn unknown<'a>(form: &'a Form, known: &[&str]) -> Option<&'a str> {
    form.keys().map(String::as_str).find(|key| {
        let any = |known: &&str| match known.strip_suffix("[*]") {
            Some(start) => key.starts_with(&format!("{start}[")),
            None => known == key,
        };
        !known.iter().any(any)
    })
}

fn metadata(form: &Form, start: &str) -> BTreeMap<String, String> {
    let pairs = form.iter().filter_map(|(key, value)| {
        let key = key
            .strip_prefix(start)?
            .strip_prefix('[')?
            .strip_suffix(']')?;
        Some((key.to_owned(), value.clone()))
    });
    pairs.collect()
}

fn open(book: &mut Book, form: &Form) -> Reply {
    let text = |key: &str| form.get(key).cloned().unwrap_or_default();
    if let Some(field) = unknown(form, &PAGE) {
        return refusal(
            400,
            "parameter_unknown",
            field,
            "Received unknown parameter",
        );
    }
    let (price, customer) = (text("line_items[0][price]"), text("customer"));
    if text("mode") != "subscription" || text("success_url").is_empty() {
        return refusal(400, "parameter_missing", "mode", "Missing required param");
    }
    if !book.prices.contains_key(&price) {
        return refusal(
            400,
            "resource_missing",
            "line_items[0][price]",
            "No such price",
        );
    }
    if !book.customers.contains(&customer) {
        return refusal(400, "resource_missing", "customer", "No such customer");
    }
    let page = Page {
        id: format!("cs_test_{:04}", book.pages.len()),
        customer,
        price,
        status: "open",
        subscription: None,
        metadata: metadata(form, "subscription_data[metadata]"),
    };
    let body = shown(&page, &book.address);
    book.pages.insert(page.id.clone(), page);
    (200, body)
}

fn shown(page: &Page, address: &str) -> serde_json::Value {
    let open = page.status == "open";
    json!({
        "id": page.id,
        "object": "checkout.session",
        "mode": "subscription",
        "status": page.status,
        "subscription": page.subscription,
        "url": open.then(|| format!("{address}/c/pay/{}", page.id)),
    })
}

fn page(book: &mut Book, id: &str, expire: bool) -> Reply {
    let address = book.address.clone();
    let Some(page) = book.pages.get_mut(id) else {
        return missing("checkout.session", id);
    };
    if expire {
        if page.status != "open" {
            let message = "Only Checkout Sessions with a status in [\"open\"] can be expired.";
            return refusal(400, "", "", message);
        }
        page.status = "expired";
    }
    (200, shown(page, &address))
}

fn change(book: &mut Book, id: &str, form: &Form) -> Reply {
    if let Some(field) = unknown(form, &CHANGE) {
        return refusal(
            400,
            "parameter_unknown",
            field,
            "Received unknown parameter",
        );
    }
    let price = form.get("items[0][price]");
    if price.is_some_and(|price| !book.prices.contains_key(price)) {
        return refusal(400, "resource_missing", "items[0][price]", "No such price");
    }
    let now = book.now;
    let Some(sold) = book
        .sold
        .get_mut(id)
        .filter(|sold| sold.status != "canceled")
    else {
        return missing("subscription", id);
    };
    let item = sold.id.replacen("sub_", "si_", 1);
    if form.get("items[0][id]").is_some_and(|given| *given != item) {
        return refusal(400, "resource_missing", "items[0][id]", "No such item");
    }
    if let Some(price) = price {
        price.clone_into(&mut sold.price);
    }
    if let Some(flag) = form.get("cancel_at_period_end") {
        sold.cancel_at_period_end = flag == "true";
        sold.canceled_at = sold.cancel_at_period_end.then_some(now);
    }
    for (key, value) in metadata(form, "metadata") {
        if value.is_empty() {
            sold.metadata.remove(&key);
        } else {
            sold.metadata.insert(key, value);
        }
    }
    let sold = sold.clone();
    (200, book.json(&sold))
}
