//! Consent, codes and tokens.

use std::time::Duration;

use x8_billing::{
    google_calendar::{GoogleConfig, GoogleOauth, SCOPES},
    testing::{FakeGoogle, GoogleFault},
};
use x8_core::{ErrorKind, Retry, Secret};

use super::{ACCOUNT, World, config};

fn verifier() -> Secret {
    Secret::new("a-verifier-that-nobody-could-ever-guess-0123456789")
}

/// The code in an address that the consent page sends people to; empty when there is none.
fn code(back: &str) -> String {
    let url = reqwest::Url::parse(back).ok();
    let pairs: Vec<_> = url.iter().flat_map(reqwest::Url::query_pairs).collect();
    let code = pairs.into_iter().find(|(key, _)| key == "code");
    code.map_or(String::new(), |(_, code)| code.into_owned())
}

#[tokio::test]
async fn p12_consent_brings_a_code_and_the_code_brings_tokens_once() {
    let world = World::new().await.unwrap();
    let url = world.oauth.consent_url("state 1", &verifier()).unwrap();
    assert!(!url.contains(verifier().expose()), "only its hash goes out");
    let back = world.google.consent(ACCOUNT, &url, &[]).unwrap();
    assert!(back.starts_with("https://x8.example/callback?state=state+1&code="));
    let grant = world
        .oauth
        .exchange(&code(&back), &verifier())
        .await
        .unwrap();
    assert_eq!(grant.expires_in, Duration::from_secs(3599));
    assert!(grant.missing_scopes().is_empty() && grant.refresh_token.is_some());
    let again = world
        .oauth
        .exchange(&code(&back), &verifier())
        .await
        .unwrap_err();
    assert_eq!(
        (again.kind(), again.retry()),
        (ErrorKind::Invalid, Retry::Never),
        "{again}"
    );

    let sent = world.google.requests().remove(0);
    let field = |name: &str| sent.body[name].as_str().unwrap().to_owned();
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str()),
        ("POST", "/oauth2/token")
    );
    assert_eq!(field("grant_type"), "authorization_code");
    assert_eq!(field("code"), code(&back));
    assert_eq!(field("code_verifier"), verifier().expose());
    assert_eq!(field("redirect_uri"), "https://x8.example/callback");
    assert_eq!(field("client_id"), FakeGoogle::CLIENT);
    assert_eq!(field("client_secret"), FakeGoogle::client_secret().expose());
    assert_eq!(sent.body.as_object().unwrap().len(), 6);
}

#[tokio::test]
async fn p12_a_code_is_worth_nothing_without_its_verifier() {
    let world = World::new().await.unwrap();
    let url = world.oauth.consent_url("s", &verifier()).unwrap();
    let back = world.google.consent(ACCOUNT, &url, &[]).unwrap();
    let other = Secret::new("b".repeat(43));
    let error = world
        .oauth
        .exchange(&code(&back), &other)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
}

#[tokio::test]
async fn p12_boxes_that_were_not_ticked_are_named() {
    let world = World::new().await.unwrap();
    let url = world.oauth.consent_url("s", &verifier()).unwrap();
    let back = world.google.consent(ACCOUNT, &url, &SCOPES[1..2]).unwrap();
    let grant = world
        .oauth
        .exchange(&code(&back), &verifier())
        .await
        .unwrap();
    assert_eq!(grant.missing_scopes(), [SCOPES[0], SCOPES[2]]);
}

#[tokio::test]
async fn p12_a_refresh_keeps_the_token_or_tells_its_successor() {
    let world = World::new().await.unwrap();
    let token = world.google.refresh_token(ACCOUNT);
    let grant = world.oauth.refresh(&token).await.unwrap();
    assert_eq!(grant.refresh_token, None);
    world.google.rotate(true);
    let successor = world.oauth.refresh(&token).await.unwrap().refresh_token;
    let successor = successor.unwrap();
    let dead = world.oauth.refresh(&token).await.unwrap_err();
    assert_eq!(
        (dead.kind(), dead.retry()),
        (ErrorKind::Unauthenticated, Retry::Never)
    );
    world.oauth.refresh(&successor).await.unwrap();
}

#[tokio::test]
async fn p12_a_wrong_client_is_the_operators_trouble_and_no_lost_connection() {
    let world = World::new().await.unwrap();
    let wrong = GoogleConfig {
        client_secret: Secret::new("mistyped"),
        ..config(world.google.url())
    };
    let oauth = GoogleOauth::new(wrong).unwrap();
    let token = world.google.refresh_token(ACCOUNT);
    let error = oauth.refresh(&token).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert!(matches!(error.retry(), Retry::After(_)));
    assert!(error.public().contains("GOOGLE_CLIENT_SECRET"));
    for fault in [
        GoogleFault::Page(503),
        GoogleFault::CutBefore,
        GoogleFault::Page(200),
    ] {
        world.google.fail_next("POST", "/oauth2/token", fault);
        let error = world.oauth.refresh(&token).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    }
}

#[tokio::test]
async fn p12_giving_access_back_ends_it_and_doing_so_twice_is_no_failure() {
    let world = World::new().await.unwrap();
    let token = world.google.refresh_token(ACCOUNT);
    for _ in 0..2 {
        world.oauth.revoke(&token).await.unwrap();
        assert_eq!(world.google.live_refresh_tokens(ACCOUNT), 0);
    }
}

#[tokio::test]
async fn p12_all_pages_of_calendars_are_listed() {
    let world = World::new().await.unwrap();
    let token = world.google.access_token(ACCOUNT);
    let calendars = world.oauth.calendars(&token).await.unwrap();
    let seen: Vec<_> = calendars
        .iter()
        .map(|one| {
            (
                one.id.as_str(),
                one.name.as_str(),
                one.primary,
                one.writable,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("7@x.example", "7@x.example", true, true),
            ("7@x.example/team", "Team", false, true),
            ("7@x.example/holidays", "Holidays", false, false),
        ]
    );
}
