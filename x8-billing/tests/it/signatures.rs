//! P5: signatures on raw bytes.

use jiff::{SignedDuration, Timestamp};
use x8_billing::signature::{SignatureRefusal, sign, verify};
use x8_core::{Error, ErrorKind, Secret};

const BODY: &[u8] = br#"{"id":"evt_test_1","object":"event"}"#;
const CODE: &str = "82d38a805fb12558d4d4b084372ffbb342da8e1eb420edba275b972f98caf4c4";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}

fn check(header: &str, now: i64) -> Result<(), SignatureRefusal> {
    verify(&[Secret::new("whsec_test")], header, BODY, at(now))
}

#[test]
fn p5_the_published_vector_signs_and_verifies() {
    let header = sign(&Secret::new("whsec_test"), BODY, at(1_700_000_000));
    assert_eq!(header, format!("t=1700000000,v1={CODE}"));
    assert_eq!(check(&header, 1_700_000_000), Ok(()));
}

#[test]
fn p5_the_tolerance_is_300_seconds_on_both_sides() {
    let header = format!("t=1700000000,v1={CODE}");
    for (offset, verdict) in [
        (-301, Err(SignatureRefusal::TooNew)),
        (-300, Ok(())),
        (300, Ok(())),
        (301, Err(SignatureRefusal::TooOld)),
    ] {
        assert_eq!(check(&header, 1_700_000_000 + offset), verdict, "{offset}");
    }
}

#[test]
fn p5_any_of_several_secrets_and_signatures_is_enough() {
    let (old, new) = (Secret::new("whsec_old"), Secret::new("whsec_test"));
    let header = format!("t=1700000000,v1={},v1={CODE}", "0".repeat(64));
    for secrets in [vec![old.clone(), new.clone()], vec![new, old.clone()]] {
        assert_eq!(verify(&secrets, &header, BODY, at(1_700_000_000)), Ok(()));
    }
    assert_eq!(
        verify(&[old], &header, BODY, at(1_700_000_000)),
        Err(SignatureRefusal::NoMatch)
    );
}

#[test]
fn p5_unknown_schemes_prove_nothing_and_disturb_nothing() {
    let beside = format!("v0=abc, t=1700000000,v9=x,novalue, v1={CODE}");
    assert_eq!(check(&beside, 1_700_000_000), Ok(()));
    let alone = format!("t=1700000000,v0={CODE}");
    assert_eq!(
        check(&alone, 1_700_000_000),
        Err(SignatureRefusal::NoSignature)
    );
}

#[test]
fn p5_hostile_headers_are_refused() {
    use SignatureRefusal::{NoMatch, NoSignature, NoTime};
    let v1 = format!("v1={CODE}");
    let cases = [
        (String::new(), NoTime),
        (",,,=,=".to_owned(), NoTime),
        (v1.clone(), NoTime),
        (format!("t=,{v1}"), NoTime),
        (format!("t=soon,{v1}"), NoTime),
        (format!("t=+1700000000,{v1}"), NoTime),
        (format!("t=-1,{v1}"), NoTime),
        (format!("t=99999999999999999999,{v1}"), NoTime),
        (format!("t=1700000000,t=1700000000,{v1}"), NoTime),
        (format!("t=01700000000,{v1}"), NoMatch),
        ("t=1700000000".to_owned(), NoSignature),
        ("t=1700000000,v1=".to_owned(), NoMatch),
        (format!("t=1700000000,v1={}", CODE.to_uppercase()), NoMatch),
        (format!("t=1700000000,v1={CODE}00"), NoMatch),
        (format!("t=1700000001,{v1}"), NoMatch),
        (format!("T=1700000000,V1={CODE}"), NoTime),
        ("t=1700000000,v1=п".to_owned(), NoMatch),
    ];
    for (header, refusal) in cases {
        assert_eq!(check(&header, 1_700_000_000), Err(refusal), "{header}");
    }
}

#[test]
fn p5_every_changed_byte_is_noticed() {
    let secret = Secret::new("whsec_test");
    let now = at(1_700_000_000);
    let header = sign(&secret, BODY, now);
    for place in 0..BODY.len() {
        let mut body = BODY.to_vec();
        body[place] ^= 1;
        let verdict = verify(std::slice::from_ref(&secret), &header, &body, now);
        assert_eq!(verdict, Err(SignatureRefusal::NoMatch), "byte {place}");
    }
}

#[test]
fn p5_without_a_secret_nothing_is_believed() {
    let header = sign(&Secret::new(""), BODY, at(1_700_000_000));
    assert_eq!(
        verify(&[], &header, BODY, at(1_700_000_000)),
        Err(SignatureRefusal::NoSecret)
    );
}

#[test]
fn p5_refusals_are_unauthenticated_and_leak_nothing() {
    let error = Error::from(SignatureRefusal::NoMatch);
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    let text = format!("{error:?}");
    assert!(!text.contains("whsec") && !text.contains(CODE), "{text}");
}

#[test]
fn p5_binary_bodies_are_signed_as_they_are() {
    let secret = Secret::new("whsec_test");
    let now = at(0) + SignedDuration::from_secs(1);
    let body = [0_u8, 255, 10, 13, 0];
    let header = sign(&secret, &body, now);
    assert_eq!(verify(&[secret], &header, &body, now), Ok(()));
}
