//! G14: while the status is not `paid`, no words confirm a payment, whatever the customer or the model says.
//!
//! A confirmation is removed; when the customer claimed to have paid, the whole reply becomes the polite request to pay
//! by the open link or to start anew, or, for a free order, the explanation that nothing is to be paid (G7).

use x8_core::order::PaymentStatus;

use super::{Action, Rule, cues::Cues, text::Edit, tongue::Phrase, work::Work};

pub(super) const CONFIRMED: [&str; 44] = [
    "payment received",
    "payment was received",
    "payment has been received",
    "payment is received",
    "payment confirmed",
    "payment was confirmed",
    "payment has been confirmed",
    "payment is confirmed",
    "payment was successful",
    "payment is successful",
    "payment went through",
    "received your payment",
    "received the payment",
    "thank you for your payment",
    "thanks for your payment",
    "thank you for paying",
    "thanks for paying",
    "your order is paid",
    "order has been paid",
    "you have paid",
    "see your payment",
    "оплата получена",
    "оплата прошла",
    "оплата подтвержд",
    "оплата поступила",
    "оплату получили",
    "получили вашу оплату",
    "получили оплату",
    "вижу вашу оплату",
    "спасибо за оплату",
    "заказ оплачен",
    "платеж получен",
    "платеж прошел",
    "pago recibido",
    "pago confirmado",
    "recibido su pago",
    "recibido tu pago",
    "recibimos su pago",
    "gracias por su pago",
    "gracias por tu pago",
    "pedido esta pagado",
    "zahlung erhalten",
    "paiement recu",
    "pagamento ricevuto",
];

/// A booking stands only after the money came, or for a free order (B1).
pub(super) const BOOKED: [&str; 18] = [
    "booking is confirmed",
    "booking has been confirmed",
    "appointment is confirmed",
    "appointment is booked",
    "appointment has been booked",
    "you are booked",
    "you're booked",
    "бронь подтвержд",
    "бронирование подтвержд",
    "запись подтвержд",
    "вы записаны",
    "reserva esta confirmada",
    "reserva confirmada",
    "cita confirmada",
    "cita esta confirmada",
    "buchung ist bestatigt",
    "termin ist bestatigt",
    "reservation est confirmee",
];

/// Said to a customer who claims to have paid, these confirm the payment.
pub(super) const ACCEPTED: [&str; 16] = [
    "order is confirmed",
    "order confirmed",
    "order has been confirmed",
    "order is complete",
    "order is on its way",
    "will be delivered",
    "we will deliver",
    "we'll deliver",
    "заказ подтвержд",
    "заказ принят",
    "заказ оформлен",
    "заказ будет доставлен",
    "доставим",
    "pedido confirmado",
    "pedido esta confirmado",
    "entregaremos",
];

pub(super) const CLAIMED: [&str; 22] = [
    "i paid",
    "i have paid",
    "i've paid",
    "already paid",
    "just paid",
    "paid already",
    "made the payment",
    "payment done",
    "оплатил",
    "заплатил",
    "оплачено",
    "перевел",
    "ya pague",
    "ya he pagado",
    "he pagado",
    "pagado",
    "habe bezahlt",
    "schon bezahlt",
    "j'ai paye",
    "deja paye",
    "ho pagato",
    "ja paguei",
];

pub(super) fn apply(work: &mut Work<'_>) {
    if work.context.payment_status == PaymentStatus::Paid {
        return;
    }
    let claimed = claims_payment(work);
    if claimed && work.is_free() {
        if work.order.is_none() {
            work.append(&Phrase::Free);
        }
        remove(work);
        return;
    }
    let confirmed = remove(work);
    if confirmed && work.order.is_none() && (claimed || work.text().is_empty()) {
        let open = work.context.payment_status == PaymentStatus::PaymentLinkSent;
        let phrase = if open {
            Phrase::PayByLink
        } else {
            Phrase::NotPaid
        };
        work.say(work.tongue.say(&phrase));
        work.find(
            Rule::G14,
            Action::Replaced,
            "a payment that has not arrived",
        );
    }
}

/// Whether the customer says that they paid.
pub(super) fn claims_payment(work: &Work<'_>) -> bool {
    work.heard(Cues::CLAIMED)
}

/// Removes confirmations; tells whether there was one.
fn remove(work: &mut Work<'_>) -> bool {
    const TELLING: Cues = Cues::CONFIRMED.or(Cues::BOOKED).or(Cues::ACCEPTED);
    if !work.page().says(TELLING) {
        return false;
    }
    let before = work.text().to_owned();
    let free = work.order.is_some() && work.is_free();
    let claimed = work.order.is_none() && claims_payment(work);
    work.edit(Rule::G14, |_, sentence| {
        let confirms = sentence.says(Cues::CONFIRMED)
            || (!free && sentence.says(Cues::BOOKED))
            || (claimed && sentence.says(Cues::ACCEPTED));
        // "Once the payment is received …" and "we have not received …" confirm nothing.
        let hedged = sentence.says(Cues::CONDITION.or(Cues::NEGATION));
        if confirms && !hedged {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
    work.text() != before
}
