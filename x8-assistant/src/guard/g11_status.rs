//! G11: `change_payment_status` is true exactly when this reply starts a new order while a link is open (O9). It is
//! computed, never taken from the model, and the words never mention it.

use x8_core::order::PaymentStatus;

use super::{Action, Rule, cues::Cues, text::Edit, work::Work};

pub(super) fn apply(work: &mut Work<'_>) {
    let open = work.context.payment_status == PaymentStatus::PaymentLinkSent;
    work.change = open && work.order.is_some();
    let claimed = work.claims.change_payment_status;
    if claimed.is_some_and(|claimed| claimed != work.change) {
        let evidence = format!("change_payment_status is {}", work.change);
        work.find(Rule::G11, Action::Replaced, evidence);
    }
}

/// Words for the status, folded.
pub(super) const STATUS: [&str; 6] = [
    "payment status",
    "статус оплаты",
    "статус платежа",
    "estado de pago",
    "estado del pago",
    "zahlungsstatus",
];

/// Words for changing it, folded.
pub(super) const CHANGED: [&str; 12] = [
    "chang",
    "reset",
    "updat",
    "set to",
    "измен",
    "сброс",
    "обновл",
    "cambi",
    "actualiz",
    "restablec",
    "geandert",
    "зануле",
];

/// Removes sentences about internal status changes.
pub(super) fn mentions(work: &mut Work<'_>) {
    if !work.page().says(Cues::STATUS) {
        return;
    }
    work.edit(Rule::G11, |_, sentence| {
        let told = sentence.says(Cues::STATUS) && sentence.says(Cues::CHANGED);
        if told { Edit::Remove } else { Edit::Keep }
    });
}
