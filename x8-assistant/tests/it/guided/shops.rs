//! The catalogues the conversations are held over: two of the examples, the rest made for tests.

use x8_core::{
    Error, Result,
    catalog::{Catalog, Kind, Offering, Stock},
    import::{ImportOptions, import},
};

type File = (&'static str, Kind, &'static [u8]);

const FILES: &[File] = &[
    (
        "flowers",
        Kind::Product,
        include_bytes!("../../../../examples/data/flowers_products_cp1251.csv"),
    ),
    (
        "hotel",
        Kind::Service,
        include_bytes!("../../../../examples/data/hotel_canarian_services.csv"),
    ),
    (
        "pizzeria",
        Kind::Product,
        include_bytes!("catalogs/pizzeria.csv"),
    ),
    ("cakes", Kind::Product, include_bytes!("catalogs/cakes.csv")),
    (
        "garden",
        Kind::Product,
        include_bytes!("catalogs/garden.csv"),
    ),
    (
        "bakery",
        Kind::Product,
        include_bytes!("catalogs/bakery.csv"),
    ),
    (
        "clinic",
        Kind::Service,
        include_bytes!("catalogs/clinic.csv"),
    ),
    ("tea", Kind::Product, include_bytes!("catalogs/tea.csv")),
    ("fruit", Kind::Product, include_bytes!("catalogs/fruit.csv")),
    (
        "plants",
        Kind::Product,
        include_bytes!("catalogs/plants.csv"),
    ),
    (
        "repairs",
        Kind::Service,
        include_bytes!("catalogs/repairs.csv"),
    ),
    (
        "studio",
        Kind::Service,
        include_bytes!("catalogs/studio.csv"),
    ),
    ("gym", Kind::Service, include_bytes!("catalogs/gym.csv")),
    (
        "cleaners",
        Kind::Service,
        include_bytes!("catalogs/cleaners.csv"),
    ),
    (
        "candles",
        Kind::Product,
        include_bytes!("catalogs/candles.csv"),
    ),
    (
        "massage",
        Kind::Service,
        include_bytes!("catalogs/massage.csv"),
    ),
    ("nutri", Kind::Service, include_bytes!("catalogs/nutri.csv")),
    ("pets", Kind::Product, include_bytes!("catalogs/pets.csv")),
    ("nails", Kind::Service, include_bytes!("catalogs/nails.csv")),
    ("music", Kind::Service, include_bytes!("catalogs/music.csv")),
    ("olive", Kind::Product, include_bytes!("catalogs/olive.csv")),
    (
        "barber",
        Kind::Service,
        include_bytes!("catalogs/barber.csv"),
    ),
    ("coach", Kind::Service, include_bytes!("catalogs/coach.csv")),
    ("salon", Kind::Service, include_bytes!("catalogs/salon.csv")),
    ("vet", Kind::Service, include_bytes!("catalogs/vet.csv")),
    ("bikes", Kind::Service, include_bytes!("catalogs/bikes.csv")),
    (
        "school",
        Kind::Service,
        include_bytes!("catalogs/school.csv"),
    ),
    (
        "florist",
        Kind::Product,
        include_bytes!("catalogs/florist.csv"),
    ),
    (
        "lingua",
        Kind::Service,
        include_bytes!("catalogs/lingua.csv"),
    ),
    (
        "tyres_goods",
        Kind::Product,
        include_bytes!("catalogs/tyres_goods.csv"),
    ),
    (
        "tyres_work",
        Kind::Service,
        include_bytes!("catalogs/tyres_work.csv"),
    ),
    ("sushi", Kind::Product, include_bytes!("catalogs/sushi.csv")),
    (
        "bolleria",
        Kind::Product,
        include_bytes!("catalogs/bolleria.csv"),
    ),
    (
        "peluqueria",
        Kind::Service,
        include_bytes!("catalogs/peluqueria.csv"),
    ),
    (
        "coffee",
        Kind::Product,
        include_bytes!("catalogs/coffee.csv"),
    ),
    (
        "groomer",
        Kind::Service,
        include_bytes!("catalogs/groomer.csv"),
    ),
    ("fixit", Kind::Service, include_bytes!("catalogs/fixit.csv")),
    (
        "bookshop",
        Kind::Product,
        include_bytes!("catalogs/bookshop.csv"),
    ),
    (
        "quesos",
        Kind::Product,
        include_bytes!("catalogs/quesos.csv"),
    ),
    ("fisio", Kind::Service, include_bytes!("catalogs/fisio.csv")),
    (
        "surf_goods",
        Kind::Product,
        include_bytes!("catalogs/surf_goods.csv"),
    ),
    (
        "surf_work",
        Kind::Service,
        include_bytes!("catalogs/surf_work.csv"),
    ),
    (
        "print_goods",
        Kind::Product,
        include_bytes!("catalogs/print_goods.csv"),
    ),
    (
        "print_work",
        Kind::Service,
        include_bytes!("catalogs/print_work.csv"),
    ),
    ("drive", Kind::Service, include_bytes!("catalogs/drive.csv")),
    ("ferma", Kind::Product, include_bytes!("catalogs/ferma.csv")),
    ("klub", Kind::Service, include_bytes!("catalogs/klub.csv")),
    ("herbo", Kind::Product, include_bytes!("catalogs/herbo.csv")),
    (
        "taller",
        Kind::Service,
        include_bytes!("catalogs/taller.csv"),
    ),
    ("spoke", Kind::Service, include_bytes!("catalogs/spoke.csv")),
    ("toys", Kind::Product, include_bytes!("catalogs/toys.csv")),
    (
        "empanadas",
        Kind::Product,
        include_bytes!("catalogs/empanadas.csv"),
    ),
    (
        "dogstay",
        Kind::Service,
        include_bytes!("catalogs/dogstay.csv"),
    ),
    (
        "fishing",
        Kind::Product,
        include_bytes!("catalogs/fishing.csv"),
    ),
    (
        "fotoboda",
        Kind::Service,
        include_bytes!("catalogs/fotoboda.csv"),
    ),
    (
        "kosmetika",
        Kind::Product,
        include_bytes!("catalogs/kosmetika.csv"),
    ),
    ("kvest", Kind::Service, include_bytes!("catalogs/kvest.csv")),
    (
        "muebles",
        Kind::Product,
        include_bytes!("catalogs/muebles.csv"),
    ),
    (
        "perevod",
        Kind::Service,
        include_bytes!("catalogs/perevod.csv"),
    ),
    (
        "pottery",
        Kind::Service,
        include_bytes!("catalogs/pottery.csv"),
    ),
    ("vinos", Kind::Product, include_bytes!("catalogs/vinos.csv")),
    ("voda", Kind::Product, include_bytes!("catalogs/voda.csv")),
];

/// Companies that sell products and services at once: the files their catalogue is made of.
const MIXED: &[(&str, [&str; 2])] = &[
    ("tyres", ["tyres_goods", "tyres_work"]),
    ("surf", ["surf_goods", "surf_work"]),
    ("print", ["print_goods", "print_work"]),
];

/// One of the example catalogues, or of those made for tests.
pub(crate) fn catalog(name: &str) -> Result<Catalog> {
    let mut all = Vec::new();
    match MIXED.iter().find(|(mixed, _)| *mixed == name) {
        Some((_, files)) => {
            for file in files {
                all.extend(rows(file)?);
            }
        }
        None => all.extend(rows(name)?),
    }
    // Stock counts that stand out, so that a leak is a leak and not "30 minutes"; scarce rows stay scarce.
    for (row, units) in all.iter_mut().zip(9_001..) {
        if row.covers(3) {
            row.stock = Some(Stock::new(units));
        }
    }
    Ok(Catalog::detached(all))
}

fn rows(name: &str) -> Result<Vec<Offering>> {
    let (_, kind, bytes) = FILES
        .iter()
        .find(|(file, ..)| *file == name)
        .ok_or_else(|| Error::invalid("test.catalog", name.to_owned()))?;
    Ok(import(bytes, &ImportOptions::new(*kind))?.into_offerings())
}
