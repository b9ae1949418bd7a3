//! B5, P4: keys from intent, so that a retry after a crash repeats the same call.

use std::collections::BTreeSet;

use x8_core::{
    booking::Booking,
    id::OrderId,
    port::{CheckoutRequest, IdSource, SequentialIds},
};

#[test]
fn b5_event_ids_are_base32hex_and_never_collide() {
    let ids = SequentialIds::default();
    let mut seen = BTreeSet::new();
    for _ in 0..50 {
        let order = OrderId(ids.next());
        for generation in [0, 1, 2, 10, 11, u32::MAX] {
            let id = Booking::event_id_for(order, generation);
            assert!((5..=1024).contains(&id.len()), "{id}");
            let base32hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'v');
            assert!(id.bytes().all(base32hex), "{id}");
            assert!(seen.insert(id), "unique");
        }
    }
}

#[test]
fn p4_every_order_has_its_own_link_and_its_own_refund() {
    let ids = SequentialIds::default();
    let (one, two) = (OrderId(ids.next()), OrderId(ids.next()));
    let keys: BTreeSet<String> = [one, two]
        .into_iter()
        .flat_map(|order| {
            [
                CheckoutRequest::key_for(order),
                CheckoutRequest::refund_key_for(order),
            ]
        })
        .collect();
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| key.len() <= 255), "as Stripe demands");
}
