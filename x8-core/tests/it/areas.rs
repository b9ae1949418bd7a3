//! O2, O3, G8: the one place of an order.

use proptest::{collection::vec, prelude::*, sample::subsequence};
use x8_core::{
    Money,
    cart::{AreaRefusal, settle_area},
    catalog::{Areas, Kind, Offering},
    order::Area,
};

fn row(sku: &str, kind: Kind, areas: &str) -> Offering {
    let mut row = Offering::new(sku, kind, sku, Money::eur(1_00));
    row.areas = Areas::parse(areas).unwrap_or_default();
    row
}

fn goods(sku: &str, areas: &str) -> Offering {
    row(sku, Kind::Product, areas)
}

fn service(sku: &str, areas: &str) -> Offering {
    row(sku, Kind::Service, areas)
}

/// The outcome as text: the place, `?` and the common places, or `no` with both ways out.
fn settled(rows: &[Offering], asked: Option<&str>) -> String {
    let rows: Vec<&Offering> = rows.iter().collect();
    match settle_area(&rows, asked) {
        Ok(Area::Online) => "online".to_owned(),
        Ok(Area::Place(place)) => format!("in {place}"),
        Err(AreaRefusal::Missing { places }) => format!("? {}", places.join(",")),
        Err(AreaRefusal::NotServed {
            asked,
            places,
            available,
        }) => {
            let available: Vec<&str> = available.iter().map(|sku| sku.as_str()).collect();
            format!("no {asked}: {} | {}", places.join(","), available.join(","))
        }
    }
}

#[test]
fn o2_a_place_that_serves_all_is_spelled_as_in_the_catalogue() {
    let rows = [goods("a", "Málaga, Madrid"), goods("b", "madrid; Malaga")];
    for asked in ["Málaga", "malaga", " MÁLAGA ", "MALAGA"] {
        assert_eq!(settled(&rows, Some(asked)), "in Málaga", "{asked}");
    }
}

#[test]
fn o2_when_some_items_are_not_served_both_ways_out_are_offered() {
    let rows = [
        goods("a", "Barcelona, Madrid"),
        goods("b", "Barcelona, Valencia"),
        goods("c", "Madrid, Barcelona"),
    ];
    assert_eq!(settled(&rows, Some("Madrid")), "no Madrid: Barcelona | a,c");
    assert_eq!(settled(&rows, Some("Paris")), "no Paris: Barcelona | ");
    assert_eq!(settled(&rows, None), "? Barcelona");
}

#[test]
fn o2_items_that_share_no_place_leave_only_the_second_way_out() {
    let rows = [goods("a", "Madrid"), goods("b", "Valencia")];
    assert_eq!(settled(&rows, Some("Madrid")), "no Madrid:  | a");
}

#[test]
fn o2_a_row_without_areas_goes_everywhere() {
    assert_eq!(settled(&[goods("a", "")], Some("Soria")), "in Soria");
    assert_eq!(
        settled(&[goods("a", ""), goods("b", "Soria")], Some("SORIA")),
        "in Soria"
    );
    assert_eq!(
        settled(&[goods("a", ""), goods("b", "Soria")], Some("Paris")),
        "no Paris: Soria | a"
    );
    assert_eq!(settled(&[goods("a", "")], None), "? ");
}

#[test]
fn o2_blank_is_no_place() {
    for asked in ["", "  ", "\u{a0}"] {
        assert_eq!(settled(&[goods("a", "Madrid")], Some(asked)), "? Madrid");
        assert_eq!(
            settled(&[service("s", "online, Madrid")], Some(asked)),
            "online"
        );
    }
}

#[test]
fn o3_remote_items_need_no_place_whatever_was_said() {
    let rows = [service("a", "Online"), service("b", "онлайн")];
    for asked in [None, Some("Madrid"), Some("online"), Some("")] {
        assert_eq!(settled(&rows, asked), "online", "{asked:?}");
    }
}

#[test]
fn o3_a_service_that_works_both_ways_is_remote_unless_a_place_is_named() {
    let rows = [service("a", "online, Madrid")];
    assert_eq!(settled(&rows, None), "online");
    for asked in ["online", "ONLINE", "Онлайн", "en línea", "remote"] {
        assert_eq!(settled(&rows, Some(asked)), "online", "{asked}");
    }
    assert_eq!(settled(&rows, Some("madrid")), "in Madrid");
    assert_eq!(settled(&rows, Some("Paris")), "no Paris: Madrid | ");
}

#[test]
fn o3_online_is_never_a_city() {
    assert_eq!(
        settled(&[goods("a", "")], Some("online")),
        "no online:  | ",
        "goods travel"
    );
    let rows = [
        service("a", "Madrid"),
        service("b", "online"),
        service("c", "online, Madrid"),
    ];
    assert_eq!(settled(&rows, Some("онлайн")), "no онлайн: Madrid | b,c");
}

#[test]
fn o2_remote_items_do_not_restrict_the_place_of_the_others() {
    let rows = [goods("a", "Madrid, Soria"), service("b", "online")];
    assert_eq!(settled(&rows, Some("Soria")), "in Soria");
    assert_eq!(settled(&rows, None), "? Madrid,Soria");
    assert_eq!(settled(&rows, Some("Paris")), "no Paris: Madrid,Soria | b");
}

const CITIES: [&str; 5] = ["Madrid", "Soria", "Cádiz", "Vigo", "Ávila"];

proptest! {
    #[test]
    fn o2_an_accepted_place_serves_every_item_and_every_offered_place_is_accepted(
        lists in vec(subsequence(CITIES.to_vec(), 0..=5), 1..5),
        asked in 0_usize..6,
    ) {
        let rows: Vec<Offering> = lists.iter().enumerate().map(|(index, list)| goods(&index.to_string(), &list.join(","))).collect();
        let rows: Vec<&Offering> = rows.iter().collect();
        let asked = CITIES.get(asked).copied();
        let serves = |place: &str| lists.iter().all(|list| list.is_empty() || list.contains(&place));
        match settle_area(&rows, asked) {
            Ok(Area::Place(place)) => prop_assert!(serves(&place)),
            Ok(Area::Online) => prop_assert!(false, "goods are never remote"),
            Err(AreaRefusal::Missing { places }) => {
                prop_assert_eq!(asked, None);
                for place in &places {
                    prop_assert_eq!(settle_area(&rows, Some(place)), Ok(Area::Place(place.clone())));
                }
            }
            Err(AreaRefusal::NotServed { asked: told, places, available }) => {
                prop_assert!(!serves(&told));
                prop_assert_eq!(places.len(), CITIES.iter().filter(|city| serves(city)).count());
                prop_assert!(available.len() < rows.len());
                for place in &places {
                    prop_assert_eq!(settle_area(&rows, Some(place)), Ok(Area::Place(place.clone())));
                }
            }
        }
    }
}
