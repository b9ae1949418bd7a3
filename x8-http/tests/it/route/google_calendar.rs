use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, Request},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use x8_billing::testing::{FakeGoogle, GoogleFault};
use x8_core::{
    ErrorKind, Secret,
    port::{Calendar, Clock, Documents, Page},
    testing::fixture::NOW,
};
use x8_http::{Config, calendars::Calendars, config::Environment};

use crate::app::{Answer, Owner, SECRET_KEY, TestApp};

const HOME: &str = "/api/v1/integrations/google-calendar";
const ANA: &str = "ana@x.example";
const EVA: &str = "eva@x.example";

/// A server that is a client of the stand-in's.
async fn world() -> (FakeGoogle, TestApp) {
    let google = FakeGoogle::start(&[ANA, EVA]).await.unwrap();
    let url = google.url().to_owned();
    let app = TestApp::with(&move |name| variable(name, &url)).await;
    (google, app)
}

fn variable(name: &str, url: &str) -> Option<String> {
    match name {
        "GOOGLE_CLIENT_ID" => Some(FakeGoogle::CLIENT.to_owned()),
        "GOOGLE_CLIENT_SECRET" => Some(FakeGoogle::client_secret().expose().to_owned()),
        "GOOGLE_BASE_URL" => Some(url.to_owned()),
        _ => None,
    }
}

/// A sign-in that was begun: Google's page, and the browser's cookie.
struct Begun {
    url: String,
    cookie: String,
}

async fn begin(app: &TestApp, owner: &Owner) -> Begun {
    let wanted = json!({ "company_id": owner.company });
    let answer = app
        .post(&format!("{HOME}/auth"), &owner.token, &wanted)
        .await;
    let url = answer.expect(200)["authorization_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap().to_owned();
    Begun { url, cookie }
}

/// The path that the person's browser is sent back to.
fn path(back: &str) -> String {
    back.strip_prefix("http://x8.test").unwrap().to_owned()
}

async fn come_back(app: &TestApp, path: &str, header: (&str, &str)) -> Answer {
    let request = Request::get(path).header(header.0, header.1);
    app.send(request.body(Body::empty()).unwrap()).await
}

/// The whole way, as a person with this account goes it.
async fn connect(app: &TestApp, google: &FakeGoogle, owner: &Owner, account: &str) {
    let begun = begin(app, owner).await;
    let back = google.consent(account, &begun.url, &[]).unwrap();
    let answer = come_back(app, &path(&back), ("cookie", &begun.cookie)).await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.bytes)
    );
    assert!(String::from_utf8_lossy(&answer.bytes).contains("is connected"));
}

/// An access token of now: the first one runs out while these tests move the clock.
fn token(app: &TestApp, owner: &Owner) -> String {
    app.app.tokens.access(owner.user.id, app.app.now()).unwrap()
}

async fn status(app: &TestApp, owner: &Owner) -> Value {
    let path = format!("{HOME}/status?company_id={}", owner.company);
    app.get(&path, &token(app, owner)).await.expect(200)
}

/// A bouquet, ordered and paid; the booking's event id.
async fn booked(app: &TestApp, owner: &Owner) -> String {
    app.says(owner, "buy").await.expect(200);
    app.work().await;
    let orders = format!("/api/v1/orders?company_id={}", owner.company);
    let orders = app.get(&orders, &owner.token).await.expect(200);
    let link = path(orders[0]["payment_link"].as_str().unwrap());
    app.call(Method::POST, &format!("{link}/pay"), None, None)
        .await;
    app.work().await;
    let page = Page::first(1);
    let bookings = app
        .app
        .store()
        .bookings(owner.tenant(), None, None, page)
        .await;
    bookings.unwrap().remove(0).event_id
}

async fn booking(app: &TestApp, owner: &Owner) -> Value {
    let path = format!("/api/v1/calendar/bookings?company_id={}", owner.company);
    app.get(&path, &token(app, owner)).await.expect(200)[0].take()
}

#[tokio::test]
async fn p12_a_connected_company_has_its_bookings_at_google_and_moves_them_there() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    let before = status(&app, &owner).await;
    assert_eq!(
        (&before["provider"], &before["state"], &before["available"]),
        (&json!("sandbox"), &json!("not_connected"), &json!(true))
    );
    connect(&app, &google, &owner, ANA).await;
    let now = status(&app, &owner).await;
    assert_eq!(
        now,
        json!({
            "company_id": 1, "available": true, "provider": "google", "state": "connected",
            "account": ANA, "calendar_id": ANA, "problem": null, "calendars": [
                { "id": ANA, "name": ANA, "time_zone": "Europe/Madrid", "primary": true, "writable": true },
                { "id": format!("{ANA}/team"), "name": "Team", "time_zone": null, "primary": false, "writable": true },
                { "id": format!("{ANA}/holidays"), "name": "Holidays", "time_zone": null, "primary": false, "writable": false },
            ],
        })
    );
    let id = booked(&app, &owner).await;
    assert_eq!(google.standing(ANA), [id.as_str()]);
    assert_eq!(booking(&app, &owner).await["calendar"], "written");
    let event = google.event(ANA, &id).unwrap();
    let order = &event["extendedProperties"]["private"]["x8_order"];
    assert_eq!(*order, booking(&app, &owner).await["order_id"]);

    // Somebody drags it to the day after.
    let was: jiff::Timestamp = event["start"]["dateTime"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let to = was + SignedDuration::from_hours(24);
    assert!(google.move_by_hand(ANA, &id, to, to + SignedDuration::from_hours(2)));
    app.clock.advance(SignedDuration::from_mins(61));
    app.work().await;
    assert_eq!(booking(&app, &owner).await["starts_at"], json!(to));

    // And then throws it away.
    assert!(google.delete_by_hand(ANA, &id));
    app.clock.advance(SignedDuration::from_mins(61));
    app.work().await;
    let left = booking(&app, &owner).await;
    assert_eq!(
        (&left["calendar"], &left["status"]),
        (&json!("missing"), &json!("booked"))
    );
    assert!(google.standing(ANA).is_empty(), "it is not written again");
}

#[tokio::test]
async fn p12_the_state_is_good_once_for_ten_minutes_in_the_browser_that_began() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    let thief = app.shop("thief@example.com").await;
    let begun = begin(&app, &owner).await;
    let back = path(&google.consent(ANA, &begun.url, &[]).unwrap());
    let cookie = ("cookie", begun.cookie.as_str());

    let stolen = format!("Bearer {}", thief.token);
    for header in [
        ("x-nothing", "-"),
        ("cookie", "x8_google_calendar=0011"),
        ("authorization", &stolen),
    ] {
        let answer = come_back(&app, &back, header).await;
        assert_eq!(answer.status, 403, "{header:?}: {}", answer.detail());
    }
    for forged in [
        back.replace("state=1.", "state=2."),
        back.replace("state=", "state=x"),
        format!("{HOME}/callback?state=&code=4"),
    ] {
        let answer = come_back(&app, &forged, cookie).await;
        assert_eq!(answer.status, 422, "{forged}: {}", answer.detail());
    }
    app.clock.advance(SignedDuration::from_mins(11));
    let late = come_back(&app, &back, cookie).await;
    assert!(
        late.status == 422 && late.detail().contains("too long"),
        "{}",
        late.detail()
    );
    assert_eq!(status(&app, &owner).await["state"], "not_connected");

    let begun = begin(&app, &owner).await;
    let back = path(&google.consent(ANA, &begun.url, &[]).unwrap());
    let cookie = ("cookie", begun.cookie.as_str());
    assert_eq!(come_back(&app, &back, cookie).await.status, 200);
    let again = come_back(&app, &back, cookie).await;
    assert!(
        again.status == 422 && again.detail().contains("used"),
        "{}",
        again.detail()
    );
    assert_eq!(status(&app, &owner).await["state"], "connected");
    assert_eq!(status(&app, &thief).await["state"], "not_connected");
}

#[tokio::test]
async fn p12_a_front_end_may_finish_with_the_access_token_of_the_same_user() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    let begun = begin(&app, &owner).await;
    let back = path(&google.consent(ANA, &begun.url, &[]).unwrap());
    let answer = app.get(&back, &owner.token).await.expect(200);
    assert_eq!(
        (&answer["state"], &answer["company_id"]),
        (&json!("connected"), &json!(1))
    );
}

#[tokio::test]
async fn p12_a_no_and_half_a_yes_change_nothing() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    let begun = begin(&app, &owner).await;
    let back = path(&google.consent(ANA, &begun.url, &[]).unwrap());
    let (denied, _) = back.split_once("&code=").unwrap();
    let denied = format!("{denied}&error=access_denied");
    let answer = come_back(&app, &denied, ("cookie", &begun.cookie)).await;
    assert_eq!(answer.status, 400, "{}", answer.detail());

    let begun = begin(&app, &owner).await;
    let only = ["https://www.googleapis.com/auth/calendar.events"];
    let back = path(&google.consent(ANA, &begun.url, &only).unwrap());
    let answer = come_back(&app, &back, ("cookie", &begun.cookie)).await;
    assert!(
        answer.status == 422 && answer.detail().contains("tick"),
        "{}",
        answer.detail()
    );
    assert_eq!(status(&app, &owner).await["state"], "not_connected");

    // Google is down while the code is exchanged: a clear answer, and the next try works.
    google.fail_next("POST", "/oauth2/token", GoogleFault::Page(503));
    let begun = begin(&app, &owner).await;
    let back = path(&google.consent(ANA, &begun.url, &[]).unwrap());
    let answer = come_back(&app, &back, ("cookie", &begun.cookie)).await;
    assert_eq!(answer.status, 503, "{}", answer.detail());
    connect(&app, &google, &owner, ANA).await;
}

#[tokio::test]
async fn b5_a_revoked_token_parks_the_write_which_drains_at_once_after_reauthorisation() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    connect(&app, &google, &owner, ANA).await;
    let team = json!({ "company_id": 1, "calendar_id": format!("{ANA}/team") });
    app.call(Method::PUT, HOME, Some(&owner.token), Some(&team))
        .await
        .expect(200);
    google.revoke(ANA);
    let id = booked(&app, &owner).await;
    assert_eq!(booking(&app, &owner).await["calendar"], "parked");
    let told = status(&app, &owner).await;
    assert_eq!(
        (&told["provider"], &told["state"], &told["calendars"]),
        (
            &json!("google"),
            &json!("needs_reauthorisation"),
            &json!([])
        )
    );
    assert!(
        told["problem"]
            .as_str()
            .unwrap()
            .contains("connect the calendar again")
    );
    let choice = app
        .call(Method::PUT, HOME, Some(&owner.token), Some(&team))
        .await;
    assert_eq!(choice.status, 409, "{}", choice.detail());

    connect(&app, &google, &owner, ANA).await;
    app.work().await;
    assert_eq!(booking(&app, &owner).await["calendar"], "written");
    assert_eq!(
        google.standing(&format!("{ANA}/team")),
        [id],
        "the choice was kept"
    );
}

#[tokio::test]
async fn h6_an_ended_connection_shows_as_soon_as_it_is_looked_at() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    connect(&app, &google, &owner, ANA).await;
    google.revoke(ANA);
    assert_eq!(status(&app, &owner).await["state"], "needs_reauthorisation");
}

#[tokio::test]
async fn p12_bookings_move_to_the_calendar_that_is_chosen() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    connect(&app, &google, &owner, ANA).await;
    let id = booked(&app, &owner).await;
    let choose = |calendar: &str| json!({ "company_id": "COMP001", "calendar_id": calendar });
    for refused in [
        format!("{ANA}/holidays"),
        "somebody@else.example".to_owned(),
    ] {
        let answer = app
            .call(
                Method::PUT,
                HOME,
                Some(&owner.token),
                Some(&choose(&refused)),
            )
            .await;
        assert_eq!(
            answer.expect(422)["detail"][0]["loc"],
            json!(["body", "calendar_id"])
        );
    }
    let team = format!("{ANA}/team");
    for _ in 0..2 {
        let answer = app
            .call(Method::PUT, HOME, Some(&owner.token), Some(&choose(&team)))
            .await;
        assert_eq!(answer.expect(200)["calendar_id"], json!(team));
    }
    app.work().await;
    assert_eq!(google.standing(&team), [id]);
    assert!(google.standing(ANA).is_empty());
    // The main calendar by its other name is the main calendar.
    let answer = app
        .call(
            Method::PUT,
            HOME,
            Some(&owner.token),
            Some(&choose("primary")),
        )
        .await;
    assert_eq!(answer.expect(200)["calendar_id"], json!(ANA));
}

#[tokio::test]
async fn p12_disconnecting_gives_the_tokens_back_unless_another_company_needs_them() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    let other = app.shop("b@example.com").await;
    connect(&app, &google, &owner, ANA).await;
    connect(&app, &google, &other, ANA).await;
    let id = booked(&app, &owner).await;
    let home = format!("{HOME}?company_id={}", owner.company);
    for _ in 0..2 {
        let answer = app
            .call(Method::DELETE, &home, Some(&owner.token), None)
            .await;
        assert_eq!(answer.status, 204);
    }
    assert_eq!(status(&app, &owner).await["state"], "not_connected");
    assert_eq!(
        status(&app, &other).await["state"],
        "connected",
        "it uses the same account"
    );
    assert_eq!(google.standing(ANA), [id], "events are the company's");
    app.work().await;
    assert_eq!(
        booking(&app, &owner).await["calendar"],
        "written",
        "in the simulated calendar"
    );

    let home = format!("{HOME}?company_id={}", other.company);
    app.call(Method::DELETE, &home, Some(&other.token), None)
        .await;
    assert_eq!(google.live_refresh_tokens(ANA), 0);
}

#[tokio::test]
async fn h6_tokens_are_sealed_and_shown_nowhere() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    connect(&app, &google, &owner, ANA).await;
    for space in ["google_calendar", "google_calendar_consent"] {
        let stored = app.app.store().documents(space).await.unwrap();
        let text = format!("{stored:?}");
        assert!(!stored.is_empty() && text.contains("v1."), "{text}");
        assert!(!text.contains("1//") && !text.contains("ya29"), "{text}");
    }
    let told = format!("{:?} {}", app.app.calendars, status(&app, &owner).await);
    assert!(!told.contains("1//") && !told.contains("ya29"), "{told}");
}

/// Another process over the same database.
fn node(app: &TestApp, google: &FakeGoogle, environment: Environment) -> Calendars {
    let url = google.url().to_owned();
    let config = Config::from_lookup(&|name| variable(name, &url));
    let mut config = config.unwrap();
    config.environment = environment;
    let store = Arc::clone(&app.app.engine.store);
    let documents: Arc<dyn Documents> = store;
    let clock = Arc::clone(&app.app.engine.clock);
    Calendars::new(&config, &Secret::new(SECRET_KEY), documents, clock).unwrap()
}

async fn look(calendars: &Calendars, owner: &Owner) -> x8_core::Result<()> {
    let id = "00000000000000000000000000000000g0";
    calendars.get(owner.tenant(), id).await.map(drop)
}

#[tokio::test]
async fn p12_one_refresh_serves_all_who_wait_for_it() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    connect(&app, &google, &owner, ANA).await;
    app.clock.advance(SignedDuration::from_hours(2));
    let _asked = google.requests();
    let calendars = &app.app.calendars;
    let looks = (0..20).map(|_| look(calendars, &owner));
    for done in futures_util::future::join_all(looks).await {
        done.unwrap();
    }
    let asked = google.requests();
    let refreshes = asked
        .iter()
        .filter(|one| one.path == "/oauth2/token")
        .count();
    assert_eq!((refreshes, asked.len()), (1, 21));
    // And one that was refused although its time was not over.
    google.expire();
    let looks = (0..20).map(|_| look(calendars, &owner));
    for done in futures_util::future::join_all(looks).await {
        done.unwrap();
    }
    let asked = google.requests();
    let refreshes = asked
        .iter()
        .filter(|one| one.path == "/oauth2/token")
        .count();
    assert_eq!(refreshes, 1);
}

#[tokio::test]
async fn p12_two_nodes_that_refresh_rotating_tokens_at_once_lose_nothing() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    connect(&app, &google, &owner, ANA).await;
    google.rotate(true);
    let nodes = [
        node(&app, &google, Environment::Development),
        node(&app, &google, Environment::Development),
    ];
    for round in 0..5 {
        app.clock.advance(SignedDuration::from_hours(2));
        google.expire();
        let both = futures_util::future::join(look(&nodes[0], &owner), look(&nodes[1], &owner));
        let _either_may_have_been_too_late = both.await;
        for node in &nodes {
            look(node, &owner)
                .await
                .unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
    }
    assert_eq!(status(&app, &owner).await["state"], "connected");
    assert_eq!(google.live_refresh_tokens(ANA), 1);
}

#[tokio::test]
async fn p12_in_production_a_company_without_a_calendar_has_x8s_own() {
    let (google, app) = world().await;
    let owner = app.shop("a@example.com").await;
    let tenant = owner.tenant();
    let calendars = node(&app, &google, Environment::Production);
    let event = x8_core::port::CalendarEvent {
        id: "00000000000000000000000000000000g0".to_owned(),
        title: String::new(),
        description: String::new(),
        place: "online".to_owned(),
        starts_at: NOW,
        ends_at: NOW + SignedDuration::from_hours(1),
        time_zone: "Europe/Madrid".to_owned(),
        order: None,
        booking: None,
        online: false,
        meeting_url: None,
    };
    let error = calendars.put(tenant, &event).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    calendars.remove(tenant, &event.id).await.unwrap();
    let busy = calendars.busy(tenant, event.starts_at, event.ends_at).await;
    assert!(busy.unwrap().is_empty());
    // The engine takes that for what it is.
    let mut engine = app.app.engine.clone();
    engine.calendar = Arc::new(calendars);
    app.says(&owner, "buy").await.expect(200);
    app.work().await;
    let orders = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    let link = path(orders[0]["payment_link"].as_str().unwrap());
    app.call(Method::POST, &format!("{link}/pay"), None, None)
        .await;
    for _ in 0..5 {
        let lease = SignedDuration::from_secs(60);
        for job in engine
            .store
            .claim_jobs(app.clock.now(), lease, 10)
            .await
            .unwrap()
        {
            engine.run(&job).await.unwrap();
        }
    }
    let left = booking(&app, &owner).await;
    assert_eq!(
        (&left["calendar"], &left["status"]),
        (&json!("none"), &json!("booked"))
    );
    // Connecting a calendar writes it.
    connect(&app, &google, &owner, ANA).await;
    app.work().await;
    assert_eq!(booking(&app, &owner).await["calendar"], "written");
}

#[tokio::test]
async fn p12_without_a_client_nothing_can_be_connected_and_the_answer_says_so() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let wanted = json!({ "company_id": owner.company });
    let answer = app
        .post(&format!("{HOME}/auth"), &owner.token, &wanted)
        .await;
    assert_eq!(answer.status, 501);
    assert!(
        answer.detail().contains("GOOGLE_CLIENT_ID"),
        "{}",
        answer.detail()
    );
    assert_eq!(status(&app, &owner).await["available"], json!(false));
}
