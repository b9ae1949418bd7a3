//! A catalogue as shops have them: three languages, figures in names, links, contacts, stock, ids of a payment provider.

use std::sync::Arc;

use x8_core::{
    Money,
    catalog::{Areas, Catalog, Common, Contacts, Fee, Group, Kind, Media, Offering, Stock},
};

const CITIES: [&str; 8] = [
    "Barcelona",
    "Valencia",
    "Málaga",
    "Madrid",
    "Sevilla",
    "Bilbao",
    "Alicante",
    "Murcia",
];

/// So many rows, in turns English, Russian and Spanish.
pub(crate) fn catalog(rows: u32) -> Arc<Catalog> {
    Arc::new(Catalog::detached((0..rows).map(row).collect()))
}

/// The name of the row with this number.
pub(crate) fn name(number: u32) -> String {
    let stems = 5 + number % 46;
    match number % 3 {
        0 => format!("Bouquet “Summer {number}” of {stems} roses"),
        1 => format!("Букет «Лето {number}» из {stems} роз"),
        _ => format!("Ramo «Verano {number}» de {stems} rosas"),
    }
}

/// Its price in cents.
pub(crate) fn cents(number: u32) -> i64 {
    i64::from(1_900 + number * 35 % 9_000)
}

/// Its price as the guard's own words have it.
pub(crate) fn price(number: u32) -> String {
    Money::eur(cents(number)).digits()
}

fn row(number: u32) -> Offering {
    let (description, unit) = match number % 3 {
        0 => (
            "Fresh roses of one colour with a ribbon, wrapped in paper and kept cool until they are delivered to the door.",
            "bouquet",
        ),
        1 => (
            "Свежие розы одного цвета с лентой, в бумаге; до самой двери едут в холоде и стоят не меньше 7 дней.",
            "букет",
        ),
        _ => (
            "Rosas frescas de un solo color con cinta, envueltas en papel y en frío hasta la puerta de su casa.",
            "ramo",
        ),
    };
    let first = usize::try_from(number % 6).unwrap_or(0);
    let common = Common {
        group: Group {
            unit: Some(unit.to_owned()),
            areas: CITIES
                .iter()
                .skip(first)
                .take(3)
                .copied()
                .collect::<Areas>(),
            ..Group::default()
        }
        .into(),
        price_id: Some(format!("price_1Q{number:06}roses").into()),
        delivery_id: Some(format!("shr_1Q{:06}flat", number % 4).into()),
        contacts: Contacts {
            contact: Some(format!("+34 93 555 {:02} {:02}", number % 7, number % 50).into()),
            service: Some("returns@flowers.example.com".into()),
            address: Some(
                format!("Polígono Industrial {}, nave {}", number % 5, number % 9).into(),
            ),
        },
        ..Common::default()
    };
    Offering {
        description: description.into(),
        fee: Some(Fee {
            amount: Money::eur(500),
            free_from: Some(Money::eur(8_000)),
        }),
        media: Media {
            website: Some(format!("https://flowers.example.com/item/{number}").into()),
            image: Some(format!("https://media.example.com/{number}.jpg").into()),
            video: None,
        },
        stock: Some(Stock::new(3 + number % 90)),
        delivery_hours: Some(4 + number % 3 * 2),
        reminder_hours: Some(3),
        common: common.into(),
        ..Offering::new(
            (1_000 + number).to_string(),
            Kind::Product,
            name(number),
            Money::eur(cents(number)),
        )
    }
}
