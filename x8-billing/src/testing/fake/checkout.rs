//! A new session, judged as Stripe judges it.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    fields,
    state::{Reply, Session, State},
};

/// What this version of the API knows.
const LOCALES: &str = "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt \
    pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW";

type Form = BTreeMap<String, String>;
type Checked<T> = Result<T, Box<Reply>>;

/// A refusal of one field.
pub(super) fn refusal(status: u16, code: &str, param: &str, message: &str) -> Reply {
    let mut error = json!({ "type": "invalid_request_error", "message": message });
    for (key, word) in [("code", code), ("param", param)] {
        if let Some(error) = error.as_object_mut().filter(|_| !word.is_empty()) {
            error.insert(key.to_owned(), word.into());
        }
    }
    (status, json!({ "error": error }))
}

fn bad<T>(code: &str, param: &str, message: &str) -> Checked<T> {
    Err(Box::new(refusal(400, code, param, message)))
}

pub(super) fn create(state: &mut State, account: &str, form: &Form) -> Reply {
    match judge(state, account, form) {
        Ok(session) => {
            let body = session.json(&state.address, false);
            state.sessions.insert(session.id.clone(), session);
            (200, body)
        }
        Err(reply) => *reply,
    }
}

fn judge(state: &State, account: &str, form: &Form) -> Checked<Session> {
    if let Some(field) = fields::unknown(form) {
        return bad("parameter_unknown", field, "Received unknown parameter");
    }
    for field in ["mode", "success_url", "line_items[0][quantity]"] {
        text(form, field)?;
    }
    if text(form, "mode")? != "payment" {
        return bad("", "mode", "only payment mode is simulated");
    }
    let expires_at = number(form, "expires_at")?;
    let life = expires_at.saturating_sub(state.now.as_second());
    if !(30 * 60..=24 * 60 * 60).contains(&life) {
        return bad("", "expires_at", "must be 30 minutes to 24 hours ahead");
    }
    let locale = text(form, "locale")?;
    if !LOCALES.split(' ').any(|known| known == locale) {
        return bad("", "locale", "Invalid locale");
    }
    let (total, currency) = total(state, account, form)?;
    fee(form, total)?;
    let metadata = form.iter().filter_map(|(key, value)| {
        let key = key.strip_prefix("metadata[")?.strip_suffix(']')?;
        Some((key.to_owned(), value.clone()))
    });
    Ok(Session {
        account: account.to_owned(),
        id: format!("cs_test_{:04}", state.sessions.len()),
        status: "open",
        payment_status: "unpaid",
        failed: false,
        total,
        currency,
        expires_at,
        metadata: metadata.collect(),
    })
}

fn total(state: &State, account: &str, form: &Form) -> Checked<(i64, String)> {
    let mut sums = Vec::new();
    for index in 0..=100 {
        let at = format!("line_items[{index}]");
        if !form.keys().any(|key| key.starts_with(&at)) {
            break;
        }
        if index == 100 {
            return bad("", "line_items", "at most 100 line items");
        }
        let quantity = number(form, &format!("{at}[quantity]"))?;
        let (currency, amount) = unit(state, account, form, &at)?;
        if quantity < 1 || amount < 0 {
            return bad("parameter_invalid_integer", &at, "Invalid integer");
        }
        sums.push((currency, amount.saturating_mul(quantity)));
    }
    let shipping = "shipping_options[0][shipping_rate_data][fixed_amount]";
    if form.contains_key(&format!("{shipping}[amount]")) {
        let amount = number(form, &format!("{shipping}[amount]"))?;
        sums.push((
            text(form, &format!("{shipping}[currency]"))?.to_owned(),
            amount,
        ));
    }
    let (currency, _) = sums.first().cloned().unwrap_or_default();
    if sums.iter().any(|(other, _)| *other != currency) {
        return bad("", "line_items", "one currency only");
    }
    let total: i64 = sums.iter().map(|(_, amount)| *amount).sum();
    if (1..50).contains(&total) {
        return bad(
            "amount_too_small",
            "line_items",
            "Amount must be at least 50",
        );
    }
    Ok((total, currency))
}

fn unit(state: &State, account: &str, form: &Form, at: &str) -> Checked<(String, i64)> {
    let inline = format!("{at}[price_data]");
    let has_inline = form.keys().any(|key| key.starts_with(&inline));
    match form.get(&format!("{at}[price]")) {
        Some(_) if has_inline => bad("", at, "either price or price_data"),
        Some(id) => {
            let found = state.prices.get(&(account.to_owned(), id.clone()));
            let param = format!("{at}[price]");
            found.cloned().map_or_else(
                || {
                    bad(
                        "resource_missing",
                        &param,
                        &format!("No such price: '{id}'"),
                    )
                },
                Ok,
            )
        }
        None => {
            text(form, &format!("{inline}[product_data][name]"))?;
            let currency = text(form, &format!("{inline}[currency]"))?;
            if currency.len() != 3 || currency.bytes().any(|byte| !byte.is_ascii_lowercase()) {
                return bad("", &inline, "Invalid currency");
            }
            let amount = number(form, &format!("{inline}[unit_amount]"))?;
            Ok((currency.to_owned(), amount))
        }
    }
}

/// A fee of zero is refused, as is one that takes everything.
fn fee(form: &Form, total: i64) -> Checked<()> {
    let field = "payment_intent_data[application_fee_amount]";
    if !form.contains_key(field) || (1..total).contains(&number(form, field)?) {
        return Ok(());
    }
    bad(
        "parameter_invalid_integer",
        field,
        "This value must be greater than or equal to 1",
    )
}

fn text<'a>(form: &'a Form, field: &str) -> Checked<&'a str> {
    match form
        .get(field)
        .map(String::as_str)
        .filter(|text| !text.is_empty())
    {
        Some(text) => Ok(text),
        None => bad("parameter_missing", field, "Missing required param"),
    }
}

fn number(form: &Form, field: &str) -> Checked<i64> {
    text(form, field)?
        .parse()
        .or_else(|_| bad("parameter_invalid_integer", field, "Invalid integer"))
}
