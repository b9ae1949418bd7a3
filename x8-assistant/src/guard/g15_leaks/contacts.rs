//! A8: contacts of suppliers and warehouses are told to those who ask for them.

use std::collections::BTreeSet;

use x8_core::{
    catalog::{Kind, Offering},
    text::fold,
};

use super::super::{
    cues::Cues, g04_amounts::texts, look::Look, page::Sentence, terms::Terms, work::Work,
};

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
    /// Companies behind the goods, folded: no customer needs their names but for refunds.
    companies: Terms,
    /// The digits of every text of a row that holds a number.
    told: BTreeSet<String>,
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
            companies: Terms::new(companies(rows)),
            told: told_numbers(rows),
        }
    }
}

impl Held {
    /// Whether a row's contact, or another text of a row, holds these digits.
    pub(super) fn tells_number(&self, digits: &str) -> bool {
        self.told
            .iter()
            .any(|own| own.contains(digits) || digits.ends_with(own.as_str()))
    }

    pub(super) fn approx_bytes(&self) -> usize {
        self.texts.approx_bytes() + self.numbers.approx_bytes() + self.companies.approx_bytes()
    }
}

fn told_numbers(rows: &[Offering]) -> BTreeSet<String> {
    let contacts = rows.iter().flat_map(|row| {
        let held = &row.contacts;
        [
            held.contact.as_deref(),
            held.service.as_deref(),
            held.address.as_deref(),
        ]
    });
    let own = rows.iter().flat_map(texts);
    let numbers = contacts.flatten().chain(own).map(digits);
    numbers.filter(|number| number.len() > SHORTEST).collect()
}

/// The names of companies that serve for goods; what a row says of itself is no secret.
fn companies(rows: &[Offering]) -> BTreeSet<String> {
    let goods = rows.iter().filter(|row| row.kind == Kind::Product);
    let names = goods.filter_map(|row| row.contacts.service.as_deref());
    let names: BTreeSet<String> = names.filter(|name| is_company(name)).map(fold).collect();
    let all = Terms::new(names.iter().cloned());
    let own = rows
        .iter()
        .flat_map(texts)
        .flat_map(|text| all.found(&fold(text)));
    let own: BTreeSet<usize> = own.collect();
    let foreign = names
        .into_iter()
        .enumerate()
        .filter(|(at, _)| !own.contains(at));
    foreign.map(|(_, name)| name).collect()
}

/// "Growers United": two words or more, the first and the last with capitals.
fn is_company(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let capital =
        |word: Option<&&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
    (2..6).contains(&words.len())
        && capital(words.first())
        && capital(words.last())
        && !name.contains(|c: char| c.is_ascii_digit())
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
    let held = &work.facts.secrets.contacts;
    let named = held.companies.any(folded);
    if (!telling && !owner && !named) || work.heard(Cues::ASKED) {
        return false;
    }
    if named {
        return true;
    }
    (owner && telling)
        || held.texts.any(folded)
        || (figures > SHORTEST && held.numbers.any(&digits(folded)))
}

fn digits(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    digits.extend(text.chars().filter(char::is_ascii_digit));
    digits
}
