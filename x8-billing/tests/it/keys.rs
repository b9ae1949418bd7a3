//! B5, P4: keys from intent.

use std::collections::BTreeSet;

use x8_billing::idempotency::{checkout_key, event_id, refund_key};
use x8_core::{
    id::OrderId,
    port::{IdSource, SequentialIds},
};

#[test]
fn b5_event_ids_are_base32hex_and_never_collide() {
    let ids = SequentialIds::default();
    let mut seen = BTreeSet::new();
    for _ in 0..50 {
        let order = OrderId(ids.next());
        for generation in [0, 1, 2, 10, 11, u32::MAX] {
            let id = event_id(order, generation);
            assert!((5..=1024).contains(&id.len()), "{id}");
            assert!(
                id.bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'v')),
                "{id}"
            );
            assert_eq!(id, event_id(order, generation), "deterministic");
            assert!(seen.insert(id), "unique");
        }
    }
}

#[test]
fn p4_another_version_is_another_key() {
    let order = OrderId(SequentialIds::default().next());
    assert_eq!(checkout_key(order, 1), checkout_key(order, 1));
    assert_ne!(checkout_key(order, 1), checkout_key(order, 2));
    assert_ne!(refund_key(order, "pi_1"), refund_key(order, "pi_2"));
    assert!(checkout_key(order, u32::MAX).len() <= 255);
}
