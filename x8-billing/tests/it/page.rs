//! P11: the payment page.

use jiff::SignedDuration;
use pollster::block_on;
use x8_billing::sandbox::Stage;
use x8_core::{ErrorKind, port::PaymentProvider};

use crate::world::{TENANT, World};

#[test]
fn p11_an_open_page_shows_the_order_and_two_forms() {
    let world = World::new().unwrap();
    let link = block_on(
        world
            .sandbox
            .open(TENANT, &world.request(1, "Bouquet of 10 roses")),
    )
    .unwrap();
    assert_eq!(
        link.url.as_deref(),
        Some(format!("https://shop.example.com/sandbox/pay/{}", link.session).as_str())
    );
    let page = block_on(world.sandbox.page(&link.session)).unwrap();
    for part in [
        "Sandbox",
        "2 × Bouquet of 10 roses",
        "59.80 EUR",
        "5.00 EUR",
        "64.80 EUR",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let url = link.url.unwrap();
    for action in ["pay", "cancel"] {
        let form = format!("<form method=\"post\" action=\"{url}/{action}\">");
        assert!(page.contains(&form), "{form} in {page}");
    }
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("href="));
}

#[test]
fn p11_names_written_by_others_stay_text() {
    let world = World::new().unwrap();
    let hostile = "<script>alert('x')</script>\" & \u{202e}розы";
    let link = block_on(world.sandbox.open(TENANT, &world.request(1, hostile))).unwrap();
    let page = block_on(world.sandbox.page(&link.session)).unwrap();
    assert!(!page.contains("<script>"), "{page}");
    assert!(
        page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; &amp;"),
        "{page}"
    );
}

#[test]
fn p11_every_stage_has_its_page_and_only_an_open_one_offers_payment() {
    for stage in [
        Stage::Paid,
        Stage::Refunded,
        Stage::Expired,
        Stage::Cancelled,
    ] {
        let world = World::new().unwrap();
        let link = block_on(world.sandbox.open(TENANT, &world.request(1, "Rose"))).unwrap();
        match stage {
            Stage::Open => {}
            Stage::Paid => assert_eq!(block_on(world.sandbox.pay(&link.session)).unwrap(), stage),
            Stage::Refunded => {
                block_on(world.sandbox.pay(&link.session)).unwrap();
                let reference = link.session.replacen("cs_", "pi_", 1);
                block_on(world.sandbox.refund(TENANT, &reference, "k")).unwrap();
            }
            Stage::Expired => world.clock.advance(SignedDuration::from_mins(60)),
            Stage::Cancelled => {
                assert_eq!(
                    block_on(world.sandbox.cancel(&link.session)).unwrap(),
                    stage
                );
            }
        }
        let page = block_on(world.sandbox.page(&link.session)).unwrap();
        let word = format!("{stage:?}").to_lowercase();
        assert!(page.contains(&format!("data-stage=\"{word}\"")), "{page}");
        assert!(!page.contains("<form"), "{page}");
    }
}

#[test]
fn p11_an_unknown_session_has_no_page() {
    let world = World::new().unwrap();
    let error = block_on(world.sandbox.page("cs_sandbox_<b>")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
