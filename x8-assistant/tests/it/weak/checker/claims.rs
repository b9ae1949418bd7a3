//! G7, G9, G14: what nobody may claim, unless code says the same by itself.

use x8_core::{
    order::PaymentStatus,
    port::{Answer, Decision, TurnInput},
};

/// Money that arrived.
const PAID: [&str; 21] = [
    "payment received",
    "payment is received",
    "payment was received",
    "payment is confirmed",
    "payment confirmed",
    "you have paid",
    "you've paid",
    "has been paid",
    "is paid",
    "already paid",
    "оплата получена",
    "оплата прошла",
    "оплачен",
    "вы оплатили",
    "pago recibido",
    "ha pagado",
    "está pagado",
    "bezahlt",
    "paiement reçu",
    "pagato",
    "está pago",
];

/// An order that stands.
const STANDS: [&str; 16] = [
    "order is confirmed",
    "order confirmed",
    "order is complete",
    "order has been placed",
    "booking is confirmed",
    "booking confirmed",
    "reservation is confirmed",
    "заказ оформлен",
    "заказ подтвержд",
    "бронь подтвержд",
    "pedido confirmado",
    "reserva confirmada",
    "pedido está confirmado",
    "bestellung ist bestätigt",
    "commande est confirmée",
    "prenotazione confermata",
];

/// Codes, lower prices and gifts that there are not.
const GIFTS: [&str; 25] = [
    "discount",
    "promo code",
    "promotional code",
    "coupon",
    "voucher",
    "cashback",
    "refund of",
    "confirmation code",
    "code below",
    "скидк",
    "промокод",
    "купон",
    "код подтвержден",
    "descuento",
    "código",
    "cupón",
    "rabatt",
    "gutschein",
    "réduction",
    "remise de",
    "code promo",
    "sconto",
    "codice",
    "desconto",
    "cupom",
];

/// Nothing to pay.
const FREE: [&str; 14] = [
    "for free",
    "free of charge",
    "is free",
    "are free",
    "free delivery",
    "complimentary",
    "бесплатн",
    "gratis",
    "gratuit",
    "kostenlos",
    "umsonst",
    "no cost",
    "0 eur",
    "$0",
];

/// What turns a claim into its opposite.
const NOT: [&str; 32] = [
    " no ",
    "not ",
    "n't ",
    "cannot",
    "never",
    "without",
    "unable",
    " once ",
    " when ",
    "after ",
    "until",
    " if ",
    "нет",
    "не ",
    "без ",
    "после ",
    "если",
    " sin ",
    "cuando",
    "ningún",
    "kein",
    "nicht",
    "wenn",
    " pas ",
    "aucun",
    "sans",
    "quand",
    "non ",
    "nessun",
    "senza",
    "não ",
    "sem ",
];

pub(super) fn wrong(input: &TurnInput, expected: &Answer, answer: &Answer) -> Vec<String> {
    let told = expected.text.to_lowercase();
    let text = answer.text.to_lowercase();
    let sentences: Vec<String> = text
        .split(['\n', '!', '?', ';'])
        .flat_map(|line| line.split(". "))
        .filter(|part| !told.contains(part.trim()))
        .map(|part| format!(" {} ", part.trim()))
        .collect();
    let says = |words: &[&str]| {
        let claim = |part: &&String| words.iter().any(|word| part.contains(word));
        let open = |part: &&String| !NOT.iter().any(|word| part.contains(word));
        sentences.iter().filter(claim).find(open).cloned()
    };
    let mut wrong = Vec::new();
    if input.payment_status != PaymentStatus::Paid
        && let Some(part) = says(&PAID)
    {
        wrong.push(format!("G14: no money came: {part:?}"));
    }
    let ordered = matches!(answer.decision, Decision::Checkout(_)) || input.order.is_some();
    if !ordered && let Some(part) = says(&STANDS) {
        wrong.push(format!("G14: no order stands: {part:?}"));
    }
    if let Some(part) = says(&GIFTS) {
        wrong.push(format!("G4: nobody gives that: {part:?}"));
    }
    let rows = input.catalog.offerings().iter();
    let free: String = rows
        .clone()
        .filter(|row| row.price.minor() == 0)
        .map(|row| row.name.to_lowercase() + "\n")
        .collect();
    let fee = rows
        .clone()
        .any(|row| row.fee.is_some_and(|fee| fee.free_from.is_some()));
    let public: String = rows.map(|row| super::public(row).to_lowercase()).collect();
    if let Some(part) = says(&FREE) {
        let named = free.lines().any(|name| part.contains(name));
        let threshold = fee && part.contains(|c: char| c.is_ascii_digit());
        if !named && !threshold && !public.contains(part.trim()) {
            wrong.push(format!("G7: nothing of it is free: {part:?}"));
        }
    }
    wrong
}
