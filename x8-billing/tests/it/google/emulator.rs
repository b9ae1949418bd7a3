//! The adapter against a third-party emulator, as far as that one goes: it gives events ids of its own, and neither reads nor
//! changes single ones, so it cannot pass the suite.
//!
//! Runs when `X8_TEST_GOOGLE_URL` names one (`http://127.0.0.1:4601`).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Url, redirect::Policy};
use x8_billing::google_calendar::{GoogleCalendar, GoogleOauth};
use x8_core::{Error, ErrorKind, Result, Secret, port::Calendar};

use super::{Keys, SHOP, config, event, start};

/// Somebody clicks through the emulator's consent page.
async fn consent(base: &str, url: &str) -> Result<String> {
    let failed = |error: reqwest::Error| Error::internal("emulator.consent", error);
    let http = Client::builder()
        .redirect(Policy::none())
        .build()
        .map_err(failed)?;
    let asked = Url::parse(url).map_err(|error| Error::internal("emulator.consent", error))?;
    let mut form: Vec<(String, String)> = asked.query_pairs().into_owned().collect();
    form.push(("email".to_owned(), "testuser@gmail.com".to_owned()));
    let body = Url::parse_with_params("http://x/", &form)
        .map_err(|error| Error::internal("emulator.consent", error))?;
    let answer = http
        .post(format!("{base}/o/oauth2/v2/auth/callback"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.query().unwrap_or_default().to_owned())
        .send()
        .await
        .map_err(failed)?;
    let back = answer
        .headers()
        .get("location")
        .and_then(|to| to.to_str().ok());
    let code = back.and_then(|back| {
        let back = Url::parse(back).ok()?;
        let mut pairs = back.query_pairs();
        Some(pairs.find(|(key, _)| key == "code")?.1.into_owned())
    });
    code.ok_or_else(|| Error::internal("emulator.consent", format!("{:?}", answer.status())))
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a server outside the test is named by a variable and lives in its own time"
)]
async fn p12_a_third_party_emulator_takes_what_it_supports() {
    let Ok(url) = std::env::var("X8_TEST_GOOGLE_URL") else {
        println!("SKIPPED: set X8_TEST_GOOGLE_URL to an emulator such as http://127.0.0.1:4601");
        return;
    };
    let config = config(&url);
    let oauth = GoogleOauth::new(config.clone()).unwrap();
    let verifier = Secret::new("v".repeat(64));
    let page = oauth.consent_url("state-1", &verifier).unwrap();
    let code = consent(&url, &page).await.unwrap();
    let wrong = oauth.exchange(&code, &Secret::new("w".repeat(64))).await;
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Invalid);
    let grant = oauth.exchange(&code, &verifier).await.unwrap();
    assert!(grant.missing_scopes().is_empty(), "{:?}", grant.scopes);
    let calendars = oauth.calendars(&grant.access_token).await.unwrap();
    assert!(
        calendars.iter().any(|one| one.primary && one.writable),
        "{calendars:?}"
    );

    let refresh = grant.refresh_token.unwrap();
    let keys = Arc::new(Keys::new(&config).unwrap());
    keys.connect(SHOP, refresh.clone());
    let calendar = GoogleCalendar::new(&config, keys).unwrap();
    // It keeps what earlier runs wrote: every run has an hour of its own.
    let hours = Timestamp::now().as_second() % 50_000;
    let mut event = event(0);
    event.starts_at = start() + SignedDuration::from_hours(10_000 + hours);
    event.ends_at = event.starts_at + SignedDuration::from_mins(30);
    let end = event.ends_at + SignedDuration::from_mins(30);
    let before = calendar.busy(SHOP, event.starts_at, end).await.unwrap();
    assert!(before.is_empty(), "{before:?}");
    calendar.put(SHOP, &event).await.unwrap();
    let busy = calendar.busy(SHOP, event.starts_at, end).await.unwrap();
    assert_eq!(busy, [(event.starts_at, event.ends_at)]);
    let absent = "00000000000000000000000000000000g9";
    calendar.remove(SHOP, absent).await.unwrap();
    assert_eq!(calendar.get(SHOP, absent).await.unwrap(), None);

    oauth.revoke(&refresh).await.unwrap();
    let dead = oauth.refresh(&refresh).await.unwrap_err();
    assert_eq!(dead.kind(), ErrorKind::Unauthenticated, "{dead}");
}
