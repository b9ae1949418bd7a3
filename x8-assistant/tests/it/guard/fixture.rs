//! Two small catalogues: goods with delivery, services with places, online and free ones.

use x8_core::{
    Money, Sku,
    catalog::{Areas, Catalog, Common, Fee, Group, Kind, Media, Offering, Stock},
};

fn bouquet(sku: &str, name: &str, cents: i64, stock: u32) -> Offering {
    Offering {
        description: "Fresh red roses with a ribbon.".into(),
        fee: Some(Fee {
            amount: Money::eur(500),
            free_from: Some(Money::eur(8_000)),
        }),
        media: Media {
            website: Some(format!("https://flowers.example.com/{sku}").into()),
            image: Some(format!("https://media.example.com/{sku}.jpg").into()),
            video: None,
        },
        stock: Some(Stock::new(stock)),
        delivery_hours: Some(6),
        reminder_hours: Some(3),
        common: Common {
            group: Group {
                unit: Some("bouquet".to_owned()),
                areas: Areas::parse("Barcelona, Valencia, Málaga").unwrap_or_default(),
                ..Group::default()
            }
            .into(),
            price_id: Some(format!("price_{sku}_live").into()),
            delivery_id: Some("shr_flat_5".into()),
            ..Common::default()
        }
        .into(),
        ..Offering::new(sku, Kind::Product, name, Money::eur(cents))
    }
}

fn service(sku: &str, name: &str, cents: i64, areas: &str) -> Offering {
    Offering {
        common: Common {
            group: Group {
                areas: Areas::parse(areas).unwrap_or_default(),
                duration: Some("90 minutes".to_owned()),
                ..Group::default()
            }
            .into(),
            ..Common::default()
        }
        .into(),
        ..Offering::new(sku, Kind::Service, name, Money::eur(cents))
    }
}

/// Roses: 201 at 29.90, 202 at 49.90, 203 only to Madrid.
fn shop() -> Catalog {
    let mut madrid = bouquet("203", "Tulips", 1_900, 11);
    madrid.areas = Areas::parse("Madrid, Valencia").unwrap_or_default();
    madrid.contacts.contact = Some("+34600000201".into());
    Catalog::detached(vec![
        bouquet("201", "Bouquet of 10 roses", 2_990, 37),
        bouquet("202", "Bouquet of 20 roses", 4_990, 7),
        madrid,
    ])
}

/// A spa at a place, a lesson online, a free consultation online.
fn hotel() -> Catalog {
    let mut spa = service("101", "Volcanic Stone Therapy", 13_500, "Costa Adeje");
    spa.media.video = Some("https://media.example.com/welcome.mp4".into());
    spa.media.image = Some("https://media.example.com/101.jpg".into());
    spa.stock = Some(Stock::new(6));
    let lesson = service("LESSON-1", "Spanish lesson", 4_000, "online");
    let call = service("103", "Video consultation", 0, "online");
    Catalog::detached(vec![spa, lesson, call])
}

/// One row.
fn single() -> Catalog {
    let mut row = bouquet("201", "Bouquet of 10 roses", 2_990, 37);
    row.media.video = Some("https://media.example.com/roses.mp4".into());
    Catalog::detached(vec![row])
}

/// The catalogue a case names.
pub(super) fn catalog(name: &str) -> Option<Catalog> {
    match name {
        "shop" => Some(shop()),
        "hotel" => Some(hotel()),
        "single" => Some(single()),
        _unknown => None,
    }
}

/// Every key, for properties.
pub(super) fn sku(key: &str) -> Sku {
    Sku::from(key)
}
