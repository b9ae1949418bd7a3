//! P14: currencies at the edge.

use proptest::prelude::*;
use x8_billing::amount::{LARGEST, from_provider, smallest, to_provider};
use x8_core::{Currency, ErrorKind, Money};

#[test]
fn p14_each_currency_is_counted_as_the_wire_counts_it() {
    for (code, minor, wire) in [
        ("EUR", 12_50, 12_50),
        ("JPY", 1300, 1300),
        ("UGX", 5, 500),
        ("ISK", 5_00, 5_00),
        ("KWD", 1_25, 1250),
    ] {
        let money = Money::new(minor, Currency::parse(code).unwrap());
        assert_eq!(to_provider(money).unwrap(), wire, "{code}");
        assert_eq!(
            from_provider(wire, money.currency()).unwrap(),
            money,
            "{code}"
        );
    }
}

#[test]
fn p14_amounts_that_do_not_exist_are_refused() {
    for (code, wire) in [
        ("UGX", 550),
        ("ISK", 5_50),
        ("KWD", 1255),
        ("EUR", -1),
        ("EUR", LARGEST + 1),
    ] {
        let error = from_provider(wire, Currency::parse(code).unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{code} {wire}");
        assert!(error.public().contains(&wire.to_string()), "{error}");
    }
    for money in [
        Money::eur(-1),
        Money::eur(i64::MAX),
        Money::new(i64::MAX, Currency::parse("UGX").unwrap()),
    ] {
        assert_eq!(to_provider(money).unwrap_err().kind(), ErrorKind::Invalid);
    }
}

#[test]
fn p14_the_smallest_charge_is_known() {
    assert_eq!(smallest(Currency::EUR), Money::eur(50));
    assert_eq!(
        smallest(Currency::parse("DKK").unwrap()).to_string(),
        "2.50 DKK"
    );
}

proptest! {
    #[test]
    fn p14_what_is_sent_is_read_back(minor in 0_i64..=9_999_999_999, code in "EUR|JPY|UGX|BHD|JOD|ISK|USD") {
        let money = Money::new(minor, Currency::parse(&code).unwrap());
        if let Ok(wire) = to_provider(money) {
            prop_assert_eq!(from_provider(wire, money.currency()).unwrap(), money);
        } else {
            prop_assert!(code == "ISK" && minor % 100 != 0);
        }
    }
}
