//! The payment page: one small document without scripts or outside assets; everything written by others is escaped.

use jiff::Timestamp;
use x8_core::order::OrderLine;

use super::{SandboxConfig, session::Session, session::Stage};

pub(super) const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}\
.sandbox{background:#ffe9a8;border:2px dashed #a67c00;padding:.5rem 1rem}\
table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.3rem 0}\
td:last-child{text-align:right}tfoot{border-top:1px solid}form{display:inline}\
button{font:inherit;padding:.5rem 1.5rem}";

/// The page of a session at a moment.
pub(super) fn render(session: &Session, config: &SandboxConfig, now: Timestamp) -> String {
    let stage = session.stage_at(now);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
<title>Sandbox payment</title><style>{STYLE}</style></head>\n<body data-stage=\"{word}\">\n\
<p class=\"sandbox\"><strong>Sandbox.</strong> This is a simulated payment: no money moves.</p>\n\
<h1>{headline}</h1>\n<table>\n<tbody>\n{lines}</tbody>\n<tfoot>\n{sums}</tfoot>\n</table>\n{actions}</body></html>\n",
        word = word(stage),
        headline = headline(stage),
        lines = session.lines.iter().map(line).collect::<String>(),
        sums = sums(session),
        actions = actions(session, config, stage),
    )
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Open => "open",
        Stage::Paid => "paid",
        Stage::Refunded => "refunded",
        Stage::Expired => "expired",
        Stage::Cancelled => "cancelled",
    }
}

fn headline(stage: Stage) -> &'static str {
    match stage {
        Stage::Open => "Your order",
        Stage::Paid => "Paid. Thank you!",
        Stage::Refunded => "The payment was sent back",
        Stage::Expired => "This payment link has expired",
        Stage::Cancelled => "This payment was cancelled",
    }
}

fn line(line: &OrderLine) -> String {
    // A sum that does not fit was refused when the session was opened.
    let sum = line
        .price
        .times(line.quantity)
        .map_or_else(|error| error.to_string(), |sum| sum.to_string());
    format!(
        "<tr><td>{} × {}</td><td>{}</td></tr>\n",
        line.quantity,
        escape(&line.name),
        escape(&sum)
    )
}

fn sums(session: &Session) -> String {
    let totals = session.totals;
    let delivery = if totals.free_delivery {
        "<tr><td>Delivery</td><td>free</td></tr>\n".to_owned()
    } else if totals.delivery.is_zero() {
        String::new()
    } else {
        format!("<tr><td>Delivery</td><td>{}</td></tr>\n", totals.delivery)
    };
    format!(
        "{delivery}<tr><th>Total</th><td><strong>{}</strong></td></tr>\n",
        totals.total
    )
}

/// Only an open session offers anything; forms post, so that a link preview can neither pay nor cancel.
fn actions(session: &Session, config: &SandboxConfig, stage: Stage) -> String {
    if stage != Stage::Open {
        return String::new();
    }
    let url = escape(&config.page_url(&session.id));
    format!(
        "<form method=\"post\" action=\"{url}/pay\"><button>Pay {}</button></form>\n\
<form method=\"post\" action=\"{url}/cancel\"><button>Cancel</button></form>\n",
        session.totals.total
    )
}

/// Text for element content and quoted attributes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
