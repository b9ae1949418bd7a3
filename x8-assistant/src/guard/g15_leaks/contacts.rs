//! A8: contacts of suppliers and warehouses are told to those who ask for them.

use std::collections::BTreeSet;

use x8_core::{
    catalog::{Kind, Offering},
    text::fold,
};

use super::super::{cues::Cues, look::Look, page::Sentence, terms::Terms, work::Work};

/// What asks for a contact, or for something that only people can settle.
pub(in super::super) const ASKED: [&str; 52] = [
    "contact",
    "phone",
    "call",
    "your number",
    "address",
    "email",
    "e-mail",
    "speak",
    "talk",
    "human",
    "manager",
    "person",
    "operator",
    "supplier",
    "warehouse",
    "specialist",
    "complain",
    "cancel",
    "refund",
    "who ",
    "whom",
    "контакт",
    "телефон",
    "ваш номер",
    "адрес",
    "звон",
    "позвон",
    "почт",
    "менеджер",
    "оператор",
    "человек",
    "поставщик",
    "склад",
    "специалист",
    "жалоб",
    "отмен",
    "откаж",
    "возврат",
    "кому",
    "contacto",
    "telefono",
    "su numero",
    "direccion",
    "correo",
    "llam",
    "hablar",
    "gerente",
    "proveedor",
    "almacen",
    "queja",
    "anul",
    "devol",
];

pub(in super::super) const OWNERS: [&str; 8] = [
    "supplier",
    "warehouse",
    "wholesaler",
    "поставщик",
    "склад",
    "proveedor",
    "almacen",
    "mayorista",
];

/// A shorter contact could be an ordinary word.
const SHORTEST: usize = 6;

/// The rows' contacts.
#[derive(Debug)]
pub(super) struct Held {
    /// Folded.
    texts: Terms,
    /// The digits of those that are numbers.
    numbers: Terms,
}

impl Held {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let contacts = rows.iter().flat_map(|row| {
            let address = row.contacts.address.as_deref();
            let warehouse = address.filter(|_| row.kind == Kind::Product);
            let (contact, service) = (&row.contacts.contact, &row.contacts.service);
            [contact.as_deref(), service.as_deref(), warehouse]
        });
        let contacts: BTreeSet<&str> = contacts
            .flatten()
            .filter(|contact| contact.chars().count() >= SHORTEST)
            .collect();
        let numbers = contacts.iter().map(|contact| digits(contact));
        let numbers: BTreeSet<String> = numbers.filter(|number| number.len() > SHORTEST).collect();
        Self {
            texts: Terms::new(contacts.iter().map(|contact| fold(contact))),
            numbers: Terms::new(numbers),
        }
    }
}

impl Held {
    pub(super) fn approx_bytes(&self) -> usize {
        self.texts.approx_bytes() + self.numbers.approx_bytes()
    }
}

/// Whether a sentence gives a contact of a supplier that the customer did not ask for.
pub(super) fn tells(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    let folded = sentence.folded();
    let owner = sentence.says(Cues::OWNER);
    let figures = if sentence.looks(Look::NUMERIC) {
        folded.bytes().filter(u8::is_ascii_digit).count()
    } else {
        0
    };
    let telling = figures >= SHORTEST || sentence.looks(Look::AT);
    if (!telling && !owner) || work.heard(Cues::ASKED) {
        return false;
    }
    let held = &work.facts.secrets.contacts;
    (owner && telling)
        || held.texts.any(folded)
        || (figures > SHORTEST && held.numbers.any(&digits(folded)))
}

fn digits(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    digits.extend(text.chars().filter(char::is_ascii_digit));
    digits
}
