//! What Google's refusals mean, by script.

use std::time::Duration;

use x8_billing::{
    google_calendar::{GoogleCalendar, Timeouts},
    testing::GoogleFault,
};
use x8_core::{Error, ErrorKind, Retry, port::Calendar};

use super::{ACCOUNT, SHOP, World, config, event, start};

fn refuse(
    status: u16,
    domain: &'static str,
    reason: &'static str,
    retry_after: Option<u32>,
) -> GoogleFault {
    GoogleFault::Refuse {
        status,
        domain,
        reason,
        retry_after,
    }
}

/// What a put, a get, a removal and a look at busy times make of the same trouble; all of them fail.
async fn all(world: &World, fault: &GoogleFault) -> Vec<Error> {
    let (calendar, event) = (&world.calendar, event(0));
    let fail = |method: &str| world.google.fail_next(method, "", fault.clone());
    fail("POST");
    let put = calendar.put(SHOP, &event).await.err();
    fail("GET");
    let get = calendar.get(SHOP, &event.id).await.err();
    fail("DELETE");
    let remove = calendar.remove(SHOP, &event.id).await.err();
    fail("POST");
    let end = start() + jiff::SignedDuration::from_hours(1);
    let busy = calendar.busy(SHOP, start(), end).await.err();
    let errors: Vec<Error> = [put, get, remove, busy].into_iter().flatten().collect();
    assert_eq!(errors.len(), 4, "{fault:?}: {errors:?}");
    errors
}

fn after(seconds: u64) -> Retry {
    Retry::After(Duration::from_secs(seconds))
}

#[tokio::test]
async fn b5_rate_limits_and_outages_are_tried_again_and_never_given_up() {
    let world = World::new().await.unwrap();
    // The refresh is a POST too: it must be over before the script begins.
    world.calendar.put(SHOP, &event(9)).await.unwrap();
    for (fault, retry) in [
        (
            refuse(403, "usageLimits", "rateLimitExceeded", None),
            after(30),
        ),
        (
            refuse(403, "usageLimits", "userRateLimitExceeded", Some(7)),
            after(7),
        ),
        (
            refuse(403, "usageLimits", "quotaExceeded", None),
            after(900),
        ),
        (
            refuse(403, "usageLimits", "dailyLimitExceeded", None),
            after(900),
        ),
        (refuse(403, "usageLimits", "somethingNew", None), after(30)),
        (
            refuse(429, "global", "rateLimitExceeded", Some(120)),
            after(120),
        ),
        (refuse(429, "", "", None), after(30)),
        (refuse(500, "global", "backendError", None), after(20)),
        (refuse(503, "global", "backendError", Some(60)), after(60)),
        (GoogleFault::Page(502), after(20)),
        (GoogleFault::CutBefore, after(20)),
    ] {
        for error in all(&world, &fault).await {
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{fault:?}: {error}");
            assert_eq!(error.retry(), retry, "{fault:?}: {error}");
        }
    }
}

#[tokio::test]
async fn b5_rights_that_are_missing_are_told_in_words_and_not_tried_again() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(9)).await.unwrap();
    for (fault, kind, words) in [
        (
            refuse(403, "global", "insufficientPermissions", None),
            ErrorKind::Forbidden,
            "tick every box",
        ),
        (
            refuse(403, "global", "forbidden", None),
            ErrorKind::Forbidden,
            "choose another one",
        ),
        (
            refuse(403, "calendar", "requiredAccessLevel", None),
            ErrorKind::Forbidden,
            "choose another one",
        ),
        (
            refuse(403, "usageLimits", "accessNotConfigured", None),
            ErrorKind::Forbidden,
            "switched off",
        ),
        (
            refuse(400, "global", "badRequest", None),
            ErrorKind::Invalid,
            "refuses the request",
        ),
        (
            GoogleFault::Redirect("http://127.0.0.1:1/".to_owned()),
            ErrorKind::Invalid,
            "redirects",
        ),
    ] {
        for error in all(&world, &fault).await {
            assert_eq!(
                (error.kind(), error.retry()),
                (kind, Retry::Never),
                "{fault:?}: {error}"
            );
            assert!(error.public().contains(words), "{error}");
        }
    }
    // A calendar that may only be read.
    *world.keys.calendar.lock().unwrap() = format!("{ACCOUNT}/holidays");
    let error = world.calendar.put(SHOP, &event(0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    // One that is gone.
    *world.keys.calendar.lock().unwrap() = "gone@x.example".to_owned();
    let error = world.calendar.put(SHOP, &event(0)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::NotFound, Retry::Never)
    );
    let end = start() + jiff::SignedDuration::from_hours(1);
    let error = world.calendar.busy(SHOP, start(), end).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::NotFound,
        "an error that comes with 200 is not free time"
    );
}

#[tokio::test]
async fn b5_a_token_that_ran_out_is_renewed_once_and_nobody_notices() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    world.google.expire();
    assert!(
        world
            .calendar
            .get(SHOP, &event(0).id)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(*world.keys.renewals.lock().unwrap(), 1);
}

#[tokio::test]
async fn b5_access_that_was_taken_away_is_unauthenticated() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    world.google.revoke(ACCOUNT);
    let error = world.calendar.put(SHOP, &event(0)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Unauthenticated, Retry::Never)
    );
    assert!(
        error.public().contains("connect the calendar again"),
        "{error}"
    );

    // A token that is good for sign-in and refused all the same.
    let world = World::new().await.unwrap();
    for _ in 0..2 {
        world
            .google
            .fail_next("GET", "", refuse(401, "global", "authError", None));
    }
    let error = world.calendar.get(SHOP, &event(0).id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
    assert_eq!(
        *world.keys.renewals.lock().unwrap(),
        1,
        "once, not for ever"
    );
}

#[tokio::test]
async fn b5_silence_ends_with_the_timeout() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(9)).await.unwrap();
    let quick = config(world.google.url()).with_timeouts(Timeouts {
        connect: Duration::from_secs(5),
        request: Duration::from_millis(100),
    });
    let keys = std::sync::Arc::clone(&world.keys);
    let calendar = GoogleCalendar::new(&quick, keys).unwrap();
    world.google.fail_next("GET", "", GoogleFault::Silence);
    let error = calendar.get(SHOP, &event(0).id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
}

#[tokio::test]
async fn h6_no_error_tells_a_token() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(9)).await.unwrap();
    for fault in [
        refuse(403, "global", "forbidden", None),
        refuse(401, "global", "authError", None),
        GoogleFault::CutBefore,
        GoogleFault::Page(200),
    ] {
        for _ in 0..2 {
            world.google.fail_next("GET", "", fault.clone());
        }
        let error = world.calendar.get(SHOP, &event(0).id).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(!told.contains("ya29") && !told.contains("1//"), "{told}");
        let _left = world.calendar.get(SHOP, &event(0).id).await;
    }
    assert!(!format!("{:?}", world.calendar).contains("ya29"));
}
