//! The purchase log as a file that a spreadsheet opens without running anything (P8).

use x8_core::order::{Order, OrderState, Step};

/// The first line.
const COLUMNS: [&str; 24] = [
    "order_id",
    "created_at",
    "customer_id",
    "conversation_id",
    "client_name",
    "recipient_phone_number",
    "order_description",
    "city",
    "total",
    "currency",
    "state",
    "payment_status",
    "link_sent_at",
    "link_expires_at",
    "paid",
    "paid_at",
    "amount_paid",
    "amount_returned",
    "payment_session",
    "payment_reference",
    "dispute",
    "starts_at",
    "problem",
    "status_history",
];

/// The whole file.
pub(super) fn csv(orders: &[Order]) -> String {
    let mut file = String::new();
    write(&mut file, COLUMNS.map(str::to_owned));
    for order in orders {
        write(&mut file, row(order));
    }
    file
}

fn row(order: &Order) -> [String; 24] {
    let link = order.checkout.as_ref();
    let money = order.payment.as_ref();
    let trail = &order.trail;
    let dispute = trail.dispute.as_ref();
    let paid = match (money, order.state) {
        (Some(_), OrderState::Refunded) => "refunded",
        (Some(_), _) => "yes",
        (None, _) if trail.processing => "processing",
        (None, _) => "no",
    };
    [
        order.id.to_string(),
        order.created_at.to_string(),
        order.customer.to_string(),
        order.conversation.to_string(),
        order.client_name.clone(),
        order.recipient_phone.clone(),
        order.description(),
        order.area.as_str().to_owned(),
        order.totals.total.digits(),
        order.totals.total.currency().code().to_owned(),
        order.state.as_str().to_owned(),
        order.payment_status().as_str().to_owned(),
        text(link.map(|link| link.created_at)),
        text(link.map(|link| link.expires_at)),
        paid.to_owned(),
        text(money.map(|money| money.paid_at)),
        text(money.map(|money| money.amount)),
        text(trail.returned),
        text(link.map(|link| &link.session)),
        text(money.map(|money| &money.reference)),
        text(dispute.map(|dispute| &dispute.id)),
        text(order.slot.as_ref().map(|slot| slot.starts_at)),
        text(order.problem.as_ref()),
        history(&trail.steps),
    ]
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn history(steps: &[Step]) -> String {
    let lines: Vec<String> = steps
        .iter()
        .map(|step| {
            let note = step.note.as_deref().map(|note| format!(" ({note})"));
            format!(
                "{} {}{}",
                step.at,
                step.state.as_str(),
                note.unwrap_or_default()
            )
        })
        .collect();
    lines.join("; ")
}

fn write(file: &mut String, cells: [String; 24]) {
    let cells = cells.map(|cell| format!("\"{}\"", harmless(cell).replace('"', "\"\"")));
    file.push_str(&cells.join(","));
    file.push_str("\r\n");
}

/// A text that a spreadsheet would run as a formula gets an apostrophe before it.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}
