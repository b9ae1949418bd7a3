use x8_core::{Secret, sqlite::SqliteStore};
use x8_http::{
    Config,
    app::secret_key,
    config::{ConfigError, VARIABLES, derive},
};

use crate::app::{SECRET_KEY, derived_webhook_key};

fn read(set: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::from_lookup(&|name| {
        let found = set.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn s6_every_problem_is_told_at_once() {
    let error = read(&[
        ("X8_ENV", "staging"),
        ("DATABASE_URL", "mysql://user:hunter2@db/x8"),
        ("X8_LISTEN", "here"),
        ("X8_PUBLIC_URL", "x8.test"),
        ("BACKEND_CORS_ORIGINS", "[\"https://ok.test\", 7]"),
        ("X8_BURST_QUIET_MS", "soon"),
    ])
    .unwrap_err();
    let text = error.to_string();
    for name in [
        "X8_ENV",
        "DATABASE_URL",
        "X8_LISTEN",
        "X8_PUBLIC_URL",
        "BACKEND_CORS_ORIGINS",
        "X8_BURST_QUIET_MS",
    ] {
        assert!(text.contains(name), "{name} is missing in {text}");
    }
    assert!(!text.contains("hunter2"), "no secret is repeated");
}

#[test]
fn s6_production_refuses_weak_keys_and_the_sandbox() {
    let strong = "6b7f0d7f2e1c4b8f9a3d5e6c7b8a9f01";
    for weak in [
        "",
        "short",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "changeme-changeme-changeme-changeme-1234",
    ] {
        let error = read(&[
            ("X8_ENV", "production"),
            ("SECRET_KEY", weak),
            ("STRIPE_SECRET_KEY", concat!("sk_", "live_1")),
            ("STRIPE_CONNECT_WEBHOOK_SECRET", "whsec_1"),
        ])
        .unwrap_err();
        assert_eq!(error.0.len(), 1, "{weak}: {error}");
    }
    let error = read(&[("X8_ENV", "production"), ("SECRET_KEY", strong)]).unwrap_err();
    assert!(error.to_string().contains("sandbox"), "{error}");
    let good = read(&[
        ("X8_ENV", "production"),
        ("SECRET_KEY", strong),
        ("STRIPE_SECRET_KEY", concat!("sk_", "live_1")),
        ("STRIPE_CONNECT_WEBHOOK_SECRET", "whsec_1"),
    ]);
    assert!(good.is_ok_and(|config| !config.sandbox()));
}

#[test]
fn d1_the_database_is_a_file_or_a_server_and_its_password_is_never_said() {
    let named = [
        ("X8_DATABASE_URL", "postgresql://x8:hunter2@db/x8"),
        ("DATABASE_URL", "sqlite://other.db"),
    ];
    let config = read(&named).unwrap();
    assert_eq!(
        config.database_url.expose(),
        "postgresql://x8:hunter2@db/x8",
        "x8's own name goes first"
    );
    assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
    assert_eq!(read(&[]).unwrap().database_url.expose(), "sqlite://x8.db");
    for name in ["X8_DATABASE_URL", "DATABASE_URL"] {
        let error = read(&[(name, "mysql://x8:hunter2@db/x8")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(name) && !error.contains("hunter2"),
            "{error}"
        );
    }
}

#[test]
fn p1_the_two_endpoints_have_secrets_of_their_own_and_a_key_needs_one() {
    let config = read(&[
        ("STRIPE_SECRET_KEY", "sk_test_1"),
        ("STRIPE_CONNECT_WEBHOOK_SECRET", "whsec_new, whsec_old,"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_platform"),
        ("X8_PUBLIC_URL", "https://x8.test/"),
    ])
    .unwrap();
    let words = |secrets: &[Secret]| -> Vec<String> {
        let each = secrets.iter().map(|secret| secret.expose().to_owned());
        each.collect()
    };
    assert_eq!(words(&config.stripe_webhook_secrets), ["whsec_platform"]);
    let stripe = config.stripe.unwrap();
    assert_eq!(words(&stripe.connect_secrets), ["whsec_new", "whsec_old"]);
    assert_eq!((stripe.fee_basis_points, stripe.base_url), (0, None));
    assert_eq!(
        stripe.success_url,
        "https://x8.test/paid?session={CHECKOUT_SESSION_ID}&company={COMPANY}&order={ORDER}"
    );
    for (set, told) in [
        (
            vec![("STRIPE_SECRET_KEY", "sk_test_hunter1")],
            "STRIPE_CONNECT_WEBHOOK_SECRET: ",
        ),
        (
            vec![("STRIPE_APPLICATION_FEE_BPS", "5001")],
            "STRIPE_APPLICATION_FEE_BPS: ",
        ),
        (
            vec![("STRIPE_SUCCESS_URL", "https://x8.test/paid")],
            "STRIPE_SUCCESS_URL: ",
        ),
        (
            vec![("STRIPE_BASE_URL", "api.stripe.com")],
            "STRIPE_BASE_URL: ",
        ),
    ] {
        let ConfigError(problems) = read(&set).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(told), "{problems:?}");
        assert!(!problems[0].contains("hunter"), "{problems:?}");
    }
}

#[test]
fn a2_the_memory_is_the_record_unless_another_is_named() {
    use x8_http::config::Memory;
    assert!(matches!(read(&[]).unwrap().memory, Memory::History));
    let own = read(&[
        ("X8_MEMORY", "sqlite"),
        ("DATABASE_URL", "sqlite://shop.db"),
        ("X8_MEMORY_DAYS", "7"),
    ]);
    let Memory::Sqlite(settings) = own.unwrap().memory else {
        panic!("it was named");
    };
    assert_eq!(
        settings.url.expose(),
        "sqlite://shop.db",
        "the store's own file"
    );
    assert_eq!((settings.days, settings.tokens), (7, 2_000));
    for (memory, url) in [
        ("redis", "redis://hunter2@db"),
        ("sqlite", "postgres://hunter2@db"),
        ("postgres", "sqlite://hunter2.db"),
        ("mongodb", "postgres://hunter2@db"),
        ("mongodb", ""),
    ] {
        let error = read(&[("X8_MEMORY", memory), ("X8_MEMORY_URL", url)]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("X8_MEMORY") && !text.contains("hunter2"),
            "{text}"
        );
    }
}

#[test]
fn origins_are_read_as_a_json_list_or_with_commas() {
    for text in [
        "[\"https://a.test\", \"http://localhost:5173/\"]",
        "https://a.test, http://localhost:5173",
    ] {
        let config = read(&[("BACKEND_CORS_ORIGINS", text)]).unwrap();
        assert_eq!(
            config.cors_origins,
            ["https://a.test", "http://localhost:5173"]
        );
    }
}

#[test]
fn h6_secrets_do_not_show() {
    let config = read(&[
        ("SECRET_KEY", "hunter2"),
        ("WAHA_API_KEY", "hunter3"),
        ("STRIPE_WEBHOOK_SECRET", "hunter4"),
        ("STRIPE_SECRET_KEY", "hunter6"),
        ("STRIPE_CONNECT_WEBHOOK_SECRET", "hunter7,hunter8"),
        ("X8_MODEL_URL", "https://api.openai.com/v1"),
        ("X8_MODEL_NAME", "gpt"),
        ("X8_MODEL_KEY", "hunter5"),
    ])
    .unwrap();
    assert!(!format!("{config:?}").contains("hunter"));
}

#[test]
fn a11_the_platforms_model_is_whole_or_absent() {
    assert!(read(&[]).unwrap().model.is_none());
    let model = read(&[
        ("X8_MODEL_URL", "http://127.0.0.1:11434/"),
        ("X8_MODEL_NAME", "llama3.2"),
        ("X8_MODEL_DIALECT", "Ollama"),
    ]);
    let model = model.unwrap().model.unwrap();
    assert_eq!(
        (model.url.as_str(), model.name.as_str()),
        ("http://127.0.0.1:11434", "llama3.2")
    );
    assert_eq!((model.dialect.as_str(), model.key), ("ollama", None));
    for (set, told) in [
        (vec![("X8_MODEL_KEY", "k")], "X8_MODEL_URL"),
        (vec![("X8_MODEL_URL", "https://a.test")], "X8_MODEL_NAME"),
        (vec![("X8_MODEL_NAME", "m")], "X8_MODEL_URL"),
        (
            vec![("X8_MODEL_URL", "a.test"), ("X8_MODEL_NAME", "m")],
            "http",
        ),
        (vec![("X8_MODEL_DIALECT", "gpt")], "llamacpp"),
    ] {
        let error = read(&set).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn the_webhook_key_follows_from_the_secret_key() {
    let key = Secret::new(SECRET_KEY);
    let config = read(&[("SECRET_KEY", SECRET_KEY)]).unwrap();
    assert_eq!(config.webhook_secret(&key), derived_webhook_key());
    assert_ne!(
        derive(&key, "waha webhook"),
        derive(&key, "another purpose")
    );
    assert!(!config.webhook_secret(&key).expose().contains(SECRET_KEY));
}

#[tokio::test]
async fn s6_a_generated_key_survives_a_restart() {
    let store = SqliteStore::open_in_memory().await.unwrap();
    let config = read(&[]).unwrap();
    let first = secret_key(&config, &store).await.unwrap();
    let second = secret_key(&config, &store).await.unwrap();
    assert_eq!(first, second);
    assert!(first.expose().len() >= 64);
    let given = read(&[("SECRET_KEY", SECRET_KEY)]).unwrap();
    let third = secret_key(&given, &store).await.unwrap();
    assert_eq!(third.expose(), SECRET_KEY, "what is configured wins");
}

#[test]
fn k2_the_largest_upload_is_between_one_megabyte_and_the_most() {
    assert_eq!(read(&[]).unwrap().upload_bytes(), 25 * 1024 * 1024);
    let told = |text| read(&[("X8_MAX_UPLOAD_MB", text)]).map(|config| config.upload_bytes());
    assert_eq!(told("64").unwrap(), 64 * 1024 * 1024);
    for wrong in ["0", "1025", "-1", "2.5", "much"] {
        let ConfigError(problems) = told(wrong).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with("X8_MAX_UPLOAD_MB: "),
            "{problems:?}"
        );
    }
}

#[test]
fn the_front_page_names_every_variable_and_no_other() {
    let page = include_str!("../../README.md");
    let named: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| {
            name.chars().all(|letter| {
                letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'
            })
        })
        .collect();
    assert_eq!(named, VARIABLES);
}

#[test]
fn p12_a_client_of_googles_is_whole_or_absent() {
    assert!(read(&[]).unwrap().google.is_none());
    for (given, missing) in [
        ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
        ("GOOGLE_CLIENT_SECRET", "GOOGLE_CLIENT_ID"),
    ] {
        let error = read(&[(given, "of-the-client")]).unwrap_err();
        assert!(error.to_string().contains(missing), "{error}");
        assert!(!error.to_string().contains("of-the-client"), "{error}");
    }
    let client = [
        ("GOOGLE_CLIENT_ID", "client-1"),
        ("GOOGLE_CLIENT_SECRET", "of-the-client"),
        ("X8_PUBLIC_URL", "https://x8.example.com/"),
    ];
    let google = read(&client).unwrap().google.unwrap();
    let home = "https://x8.example.com/api/v1/integrations/google-calendar/callback";
    assert_eq!(
        (google.redirect_uri.as_str(), &google.base_url),
        (home, &None)
    );
    assert!(!format!("{google:?}").contains("of-the-client"));

    let production = [
        &client[..],
        &[
            ("X8_ENV", "production"),
            ("SECRET_KEY", "6b7f0d7f2e1c4b8f9a3d5e6c7b8a9f01"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_1"),
            ("GOOGLE_BASE_URL", "https://fake.example.com"),
        ],
    ]
    .concat();
    let error = read(&production).unwrap_err();
    assert!(error.to_string().contains("GOOGLE_BASE_URL"), "{error}");
}
