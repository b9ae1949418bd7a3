use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use jiff::SignedDuration;
use serde_json::{Value, json};
use x8_core::{Secret, id::UserId, tenant::Role, testing::fixture::NOW};
use x8_http::auth::{Passwords, TokenKind, Tokens};

use crate::app::{Answer, SECRET_KEY, TestApp};

const PASSWORD: &str = "correct horse";

async fn register(app: &TestApp, email: &str) -> Answer {
    let body = json!({"email": email, "password": PASSWORD, "full_name": "Owner"});
    app.call(Method::POST, "/api/v1/auth/register", None, Some(&body))
        .await
}

async fn login(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.call(Method::POST, "/api/v1/auth/login", None, Some(&body))
        .await
}

async fn refresh(app: &TestApp, token: &Value) -> Answer {
    let body = json!({"refresh_token": token});
    app.call(Method::POST, "/api/v1/auth/refresh", None, Some(&body))
        .await
}

#[tokio::test]
async fn e1_registration_starts_a_trial_of_seven_days() {
    let app = TestApp::new().await;
    let user = register(&app, " Owner@Example.COM ").await.expect(201);
    assert_eq!(user["email"], "owner@example.com");
    assert_eq!(user["role"], "CLIENT");
    assert_eq!(user["trial_ends_at"], "2026-11-27T09:00:00Z");
    assert!(!user.to_string().contains("$2"), "no hash leaves");
    assert_eq!(register(&app, "OWNER@example.com").await.status, 409);
}

#[tokio::test]
async fn s1_sign_in_by_json_and_by_form() {
    let app = TestApp::new().await;
    register(&app, "a@example.com").await.expect(201);
    let pair = login(&app, "A@example.com", PASSWORD).await.expect(200);
    assert_eq!(pair["token_type"], "bearer");
    let access = pair["access_token"].as_str().unwrap();
    let me = app.get("/api/v1/auth/me", access).await.expect(200);
    assert_eq!(me["email"], "a@example.com");

    let form = b"grant_type=password&username=a%40example.com&password=correct%20horse".to_vec();
    let kind = [(
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    )];
    let pair = app.raw("/api/v1/auth/login", &kind, form).await.expect(200);
    assert!(pair["refresh_token"].is_string());
}

#[tokio::test]
async fn s3_unknown_and_wrong_answer_alike() {
    let app = TestApp::new().await;
    register(&app, "a@example.com").await.expect(201);
    let wrong = login(&app, "a@example.com", "wrong horse").await;
    let unknown = login(&app, "b@example.com", PASSWORD).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.bytes, unknown.bytes);
    assert_eq!(wrong.headers["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn s1_claims_are_those_of_the_existing_application() {
    let app = TestApp::new().await;
    register(&app, "a@example.com").await.expect(201);
    let pair = login(&app, "a@example.com", PASSWORD).await.expect(200);
    let claims = |token: &Value| -> Value {
        let part = token
            .as_str()
            .unwrap()
            .split('.')
            .nth(1)
            .unwrap()
            .to_owned();
        serde_json::from_slice(&B64.decode(part).unwrap()).unwrap()
    };
    let access = claims(&pair["access_token"]);
    let life = 30 * 60;
    assert_eq!(
        access,
        json!({"sub": "1", "exp": NOW.as_second() + life, "type": "access"})
    );
    let refresh = claims(&pair["refresh_token"]);
    assert_eq!(refresh["exp"], NOW.as_second() + 7 * 24 * 3600);
    assert_eq!(refresh["type"], "refresh");
}

#[tokio::test]
async fn s1_tokens_of_the_existing_application_open_the_api() {
    let app = TestApp::new().await;
    let (user, _) = app.user("a@example.com", Role::Client).await;
    let claims = json!({"sub": user.id.to_string(), "exp": NOW.as_second() + 60, "type": "access"});
    let token = signed(&claims, SECRET_KEY);
    app.get("/api/v1/auth/me", &token).await.expect(200);
}

fn signed(claims: &Value, key: &str) -> String {
    let key = jsonwebtoken::EncodingKey::from_secret(key.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), claims, &key).unwrap()
}

#[tokio::test]
async fn s1_every_forged_token_is_refused() {
    let app = TestApp::new().await;
    let (user, good) = app.user("a@example.com", Role::Client).await;
    for (what, token) in forged(user.id, &good) {
        let answer = app.get("/api/v1/auth/me", &token).await;
        assert_eq!(answer.status, 401, "{what}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer", "{what}");
    }
    app.get("/api/v1/auth/me", &good).await.expect(200);
    let missing = app.call(Method::GET, "/api/v1/auth/me", None, None).await;
    assert_eq!(missing.expect(401)["detail"], "Not authenticated");
}

/// Tokens that must open nothing.
fn forged(user: UserId, good: &str) -> Vec<(&'static str, String)> {
    let claims = |exp: i64, kind: &str| json!({"sub": user.to_string(), "exp": exp, "type": kind});
    let later = NOW.as_second() + 60;
    let body = B64.encode(claims(later, "access").to_string());
    let none = B64.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let parts: Vec<&str> = good.split('.').collect();
    let hs512 = jsonwebtoken::encode(
        &jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS512),
        &claims(later, "access"),
        &jsonwebtoken::EncodingKey::from_secret(SECRET_KEY.as_bytes()),
    )
    .unwrap();
    vec![
        ("alg none", format!("{none}.{body}.")),
        (
            "alg none with a signature",
            format!("{none}.{body}.{}", parts[2]),
        ),
        ("another algorithm", hs512),
        (
            "another key",
            signed(
                &claims(later, "access"),
                "another key that is long enough, too",
            ),
        ),
        ("another body", format!("{}.{body}x.{}", parts[0], parts[2])),
        (
            "expired now",
            signed(&claims(NOW.as_second(), "access"), SECRET_KEY),
        ),
        (
            "a refresh token",
            signed(&claims(later, "refresh"), SECRET_KEY),
        ),
        (
            "no type",
            signed(&json!({"sub": "1", "exp": later}), SECRET_KEY),
        ),
        (
            "no end",
            signed(&json!({"sub": "1", "type": "access"}), SECRET_KEY),
        ),
        (
            "nobody",
            signed(
                &json!({"sub": "ana", "exp": later, "type": "access"}),
                SECRET_KEY,
            ),
        ),
        (
            "a deleted account",
            signed(
                &json!({"sub": "99", "exp": later, "type": "access"}),
                SECRET_KEY,
            ),
        ),
        ("rubbish", "x.y.z".to_owned()),
        ("nothing", String::new()),
    ]
}

#[tokio::test]
async fn s1_access_ends_after_thirty_minutes() {
    let app = TestApp::new().await;
    let (_, token) = app.user("a@example.com", Role::Client).await;
    app.clock.advance(SignedDuration::from_secs(30 * 60 - 1));
    app.get("/api/v1/auth/me", &token).await.expect(200);
    app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(app.get("/api/v1/auth/me", &token).await.status, 401);
}

#[tokio::test]
async fn s1_a_refresh_token_that_comes_twice_ends_its_family() {
    let app = TestApp::new().await;
    register(&app, "a@example.com").await.expect(201);
    let first = login(&app, "a@example.com", PASSWORD).await.expect(200);
    let other = login(&app, "a@example.com", PASSWORD).await.expect(200);
    let second = refresh(&app, &first["refresh_token"]).await.expect(200);
    assert_eq!(
        refresh(&app, &first["refresh_token"]).await.status,
        401,
        "used before"
    );
    assert_eq!(
        refresh(&app, &second["refresh_token"]).await.status,
        401,
        "its family is over"
    );
    refresh(&app, &other["refresh_token"]).await.expect(200);
    assert_eq!(
        refresh(&app, &other["access_token"]).await.status,
        401,
        "an access token buys nothing"
    );
}

#[tokio::test]
async fn s1_sign_out_ends_every_refresh_token() {
    let app = TestApp::new().await;
    register(&app, "a@example.com").await.expect(201);
    let pair = login(&app, "a@example.com", PASSWORD).await.expect(200);
    let access = pair["access_token"].as_str().unwrap();
    app.call(Method::POST, "/api/v1/auth/logout", Some(access), None)
        .await
        .expect(200);
    assert_eq!(refresh(&app, &pair["refresh_token"]).await.status, 401);
}

#[tokio::test]
async fn s1_a_refresh_token_without_identity_asks_to_sign_in_again() {
    let app = TestApp::new().await;
    let (user, _) = app.user("a@example.com", Role::Client).await;
    let claims =
        json!({"sub": user.id.to_string(), "exp": NOW.as_second() + 60, "type": "refresh"});
    let answer = refresh(&app, &json!(signed(&claims, SECRET_KEY))).await;
    assert_eq!(answer.expect(401)["detail"], "Sign in again");
}

#[tokio::test]
async fn s2_passlib_hashes_verify_and_72_bytes_count() {
    let passwords = Passwords::with_cost(4);
    let long = "п".repeat(40);
    let hash = passwords.hash(Secret::new(long.clone())).await.unwrap();
    assert!(hash.expose().starts_with("$2b$04$"));
    let cut: String = long.chars().take(36).collect();
    let opens = |text: String, hash: Option<Secret>| passwords.verify(Secret::new(text), hash);
    assert!(
        opens(cut, Some(hash.clone())).await.unwrap(),
        "36 letters are 72 bytes"
    );
    assert!(!opens("п".repeat(35), Some(hash)).await.unwrap());
    assert!(
        !opens("no account has this password".to_owned(), None)
            .await
            .unwrap()
    );
    assert!(
        !opens("x".to_owned(), Some(Secret::new("sha256$not-bcrypt")))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn s2_bad_registrations_name_every_field() {
    let app = TestApp::new().await;
    let body = json!({"email": "nobody", "password": "short"});
    let answer = app
        .call(Method::POST, "/api/v1/auth/register", None, Some(&body))
        .await;
    let detail = answer.expect(422)["detail"].clone();
    assert_eq!(detail[0]["loc"], json!(["body", "email"]));
    assert_eq!(detail[1]["loc"], json!(["body", "password"]));
    for email in [
        "",
        "@x.test",
        "a@",
        "a@b",
        "a b@c.test",
        "a@b@c.test",
        "a@.test",
        "a@test.",
    ] {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = app
            .call(Method::POST, "/api/v1/auth/register", None, Some(&body))
            .await;
        assert_eq!(answer.status, 422, "{email}");
    }
}

#[test]
fn s1_kinds_do_not_mix() {
    let tokens = Tokens::new(&Secret::new(SECRET_KEY));
    let access = tokens.access(UserId(1), NOW).unwrap();
    assert!(tokens.read(&access, TokenKind::Access, NOW).is_ok());
    assert!(tokens.read(&access, TokenKind::Refresh, NOW).is_err());
}
