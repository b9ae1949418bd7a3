//! A8: contacts of suppliers and warehouses are told to those who ask for them.

use x8_core::{catalog::Kind, text::fold};

use super::super::{text::has_any, work::Work};

/// What asks for a contact, or for something that only people can settle.
const ASKED: [&str; 52] = [
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

const OWNERS: [&str; 8] = [
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

/// Whether a sentence gives a contact of a supplier that the customer did not ask for.
pub(super) fn tells(work: &Work<'_>, folded: &str) -> bool {
    let telling = folded.contains('@') || digits(folded).len() >= SHORTEST;
    let owner = has_any(folded, &OWNERS);
    if !telling && !owner {
        return false;
    }
    if has_any(&fold(&work.context.customer_text), &ASKED) {
        return false;
    }
    let own = digits(folded);
    let held = |contact: &str| {
        let number = digits(contact);
        folded.contains(&fold(contact))
            || (number.len() > SHORTEST && own.contains(number.as_str()))
    };
    let rows = work.catalog.offerings().iter();
    let mut contacts = rows.flat_map(|row| {
        let warehouse = row
            .contacts
            .address
            .as_deref()
            .filter(|_| row.kind == Kind::Product);
        [
            row.contacts.contact.as_deref(),
            row.contacts.service.as_deref(),
            warehouse,
        ]
    });
    (owner && telling)
        || contacts
            .by_ref()
            .flatten()
            .any(|contact| contact.chars().count() >= SHORTEST && held(contact))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
