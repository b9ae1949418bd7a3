//! D2: a database that the existing application made, used as it is.

use sqlx::SqliteConnection;
use tempfile::TempDir;
use x8_core::{
    Currency, Money, Secret,
    channel::{ChannelEvent, ChannelStatus, Platform},
    id::{ChannelId, CompanyId, UserId},
    plan::{Billed, Plan, SubscriptionStatus},
    port::{
        Accounts as _, ChannelStore as _, Companies as _, Inbox as _, Page, Subscriptions as _,
    },
    sqlite::SqliteStore,
    tenant::{Caller, CompanySettings, CompanyStatus, CompanyType, Role},
    testing::{Checked, Failure, ensure, fixture, present, same},
};

use super::{WAIT, connect, number, run, url};

/// The tables as the application's own migrations leave them, where no column has a default in the database.
const TABLES: &str = "
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE users (
    id INTEGER NOT NULL, email VARCHAR(255) NOT NULL, hashed_password VARCHAR(255) NOT NULL, full_name VARCHAR(255),
    role VARCHAR(7) NOT NULL, subscription_tier VARCHAR(10) NOT NULL, trial_ends_at DATETIME,
    subscription_ends_at DATETIME, manager_id INTEGER, stripe_customer_id VARCHAR(255), is_active BOOLEAN NOT NULL,
    is_superuser BOOLEAN NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(manager_id) REFERENCES users (id));
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE TABLE companies (
    id INTEGER NOT NULL, company_id VARCHAR(50) NOT NULL, name VARCHAR(255) NOT NULL, user_id INTEGER NOT NULL,
    company_type VARCHAR(100), shop_type VARCHAR(100), status VARCHAR(9) NOT NULL, total_messages INTEGER NOT NULL,
    type1_count INTEGER NOT NULL, type2_count INTEGER NOT NULL, type2_unpaid INTEGER NOT NULL,
    type3_count INTEGER NOT NULL, type3_paid INTEGER NOT NULL, avg_response_time FLOAT NOT NULL,
    subscription_ends DATETIME, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id));
CREATE UNIQUE INDEX ix_companies_company_id ON companies (company_id);
CREATE TABLE channels (
    id INTEGER NOT NULL, company_id INTEGER NOT NULL, user_id INTEGER NOT NULL, platform VARCHAR(9) NOT NULL,
    is_active BOOLEAN NOT NULL, status VARCHAR(12) NOT NULL, platform_account_id VARCHAR(255),
    platform_account_name VARCHAR(255), config JSON, api_token VARCHAR(500), api_key VARCHAR(500),
    refresh_token VARCHAR(500), qr_code TEXT, qr_code_expires_at DATETIME, last_error TEXT, error_count INTEGER NOT NULL,
    created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(company_id) REFERENCES companies (id), FOREIGN KEY(user_id) REFERENCES users (id));
CREATE TABLE subscriptions (
    id INTEGER NOT NULL, user_id INTEGER NOT NULL, plan VARCHAR(10) NOT NULL, status VARCHAR(9) NOT NULL,
    stripe_subscription_id VARCHAR(255), stripe_customer_id VARCHAR(255), amount FLOAT NOT NULL,
    currency VARCHAR(3) NOT NULL, start_date DATETIME, end_date DATETIME, cancelled_at DATETIME,
    created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (stripe_subscription_id),
    FOREIGN KEY(user_id) REFERENCES users (id));
CREATE TABLE messages (
    id INTEGER NOT NULL, company_id INTEGER NOT NULL, channel VARCHAR(50) NOT NULL, message_type VARCHAR(5) NOT NULL,
    status VARCHAR(17) NOT NULL, content TEXT, external_id VARCHAR(255), sent_at DATETIME, received_at DATETIME,
    response_time_seconds FLOAT, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(company_id) REFERENCES companies (id));
CREATE TABLE verification_codes (
    id INTEGER NOT NULL, email VARCHAR(255) NOT NULL, code VARCHAR(6) NOT NULL, is_used BOOLEAN NOT NULL,
    expires_at DATETIME NOT NULL, created_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_verification_codes_email ON verification_codes (email);
";

const ROWS: &str = "
INSERT INTO alembic_version VALUES ('3f2a');
INSERT INTO users VALUES (2, 'boss@example.com', '$2b$12$hash', NULL, 'MANAGER', 'PRO', NULL,
    NULL, NULL, 'cus_1', 1, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00');
INSERT INTO users VALUES (1, 'Ana@Example.com', '$2b$12$hash', 'Ana', 'CLIENT', 'TRIAL', '2026-11-27 09:00:00.000000',
    NULL, 2, NULL, 1, 0, '2026-11-20 09:00:00.000000', '2026-11-20 09:00:00.000000');
INSERT INTO companies VALUES (1, 'COMP041', 'Rosas', 1, 'Product', 'flowers', 'ACTIVE', 3, 1, 1, 1, 1, 0, 2.5, NULL,
    '2026-11-20 09:00:00.123456', '2026-11-20 09:00:00.123456');
INSERT INTO companies VALUES (2, 'legacy', 'Old', 1, NULL, NULL, 'INACTIVE', 0, 0, 0, 0, 0, 0, 0, NULL,
    '2026-11-20 09:00:00', '2026-11-20 09:00:00');
INSERT INTO channels VALUES (1, 1, 1, 'WHATSAPP', 1, 'CONNECTED', '+34600000009', NULL, '{\"a\": 1}', 'token', NULL, NULL,
    NULL, NULL, NULL, 0, '2026-11-20 09:00:00', '2026-11-20 09:00:00');
INSERT INTO subscriptions VALUES (1, 1, 'SINGLE', 'EXPIRED', 'sub_1', 'cus_2', 9.99, 'USD', NULL, '2026-10-01 00:00:00',
    NULL, '2026-09-01 00:00:00', '2026-09-01 00:00:00');
INSERT INTO subscriptions VALUES (2, 1, 'growth', 'active', 'sub_2', 'cus_2', 49.99, 'USD', NULL,
    '2026-12-01 00:00:00', NULL, '2026-11-01 00:00:00', '2026-11-01 00:00:00');
INSERT INTO subscriptions VALUES (3, 2, 'SPECIAL', 'incomplete', NULL, NULL, 29.99, 'USD', NULL, NULL, NULL,
    '2026-11-01 00:00:00', '2026-11-01 00:00:00');
INSERT INTO messages VALUES (7, 1, 'whatsapp', 'TYPE1', 'NO_PAYMENT_LINK', 'old', NULL, NULL, NULL, 1.5,
    '2026-11-20 09:00:00', '2026-11-20 09:00:00');
";

const SHARED: [&str; 7] = [
    "alembic_version",
    "users",
    "companies",
    "channels",
    "subscriptions",
    "messages",
    "verification_codes",
];

async fn old_database() -> Result<(TempDir, SqliteConnection), Failure> {
    let dir = TempDir::new().map_err(|error| Failure::new(error.to_string()))?;
    let mut shell = connect(&dir).await?;
    run(&mut shell, TABLES).await?;
    run(&mut shell, ROWS).await?;
    Ok((dir, shell))
}

/// Columns of the shared tables, as the database describes them.
async fn columns(shell: &mut SqliteConnection) -> Result<Vec<i64>, Failure> {
    let mut counts = Vec::new();
    for table in SHARED {
        let sql = format!("SELECT count(*) FROM pragma_table_info('{table}')");
        counts.push(number(shell, &sql).await?);
    }
    Ok(counts)
}

#[tokio::test(flavor = "multi_thread")]
async fn d2_runs_on_a_database_made_by_the_existing_app() -> Checked {
    let (dir, mut shell) = old_database().await?;
    let before = columns(&mut shell).await?;
    let store = SqliteStore::open(&url(&dir)).await?;
    same(&columns(&mut shell).await?, &before, "no column was added")?;
    let ana = present(store.user_by_email("ana@example.COM").await?, "the user")?;
    same(&ana.email.as_str(), &"ana@example.com", "e-mail")?;
    same(
        &ana.password_hash,
        &Some(Secret::new("$2b$12$hash")),
        "hash",
    )?;
    same(&ana.manager, &Some(UserId(2)), "manager")?;
    same(
        &ana.trial_ends_at,
        &Some("2026-11-27T09:00:00Z".parse().unwrap()),
        "trial",
    )?;
    let taken = store.create_user(fixture::new_user("ana@example.com", Role::Client));
    ensure(taken.await.is_err(), "the address is taken in any case")?;
    let boss = store.user(UserId(2)).await?;
    let seen = store.companies(Caller::from(&boss)).await?;
    let kinds: Vec<_> = seen.iter().map(|one| (one.kind, one.status)).collect();
    let wanted = vec![
        (CompanyType::Product, CompanyStatus::Active),
        (CompanyType::Hybrid, CompanyStatus::Inactive),
    ];
    same(&kinds, &wanted, "the client's companies")?;
    let rosas = store.company_for_work(CompanyId(1)).await?;
    same(&rosas.settings, &CompanySettings::default(), "settings")
}

#[tokio::test(flavor = "multi_thread")]
async fn e4_the_newest_subscription_counts_however_it_is_spelled() -> Checked {
    let (dir, _shell) = old_database().await?;
    let store = SqliteStore::open(&url(&dir)).await?;
    let bought = present(store.subscription(UserId(1)).await?, "a subscription")?;
    same(
        &(bought.plan, bought.status),
        &(Plan::Growth, SubscriptionStatus::Active),
        "the newest row",
    )?;
    same(
        &bought.ends_at,
        &Some("2026-12-01T00:00:00Z".parse().unwrap()),
        "its end",
    )?;
    let unpaid = present(store.subscription(UserId(2)).await?, "a subscription")?;
    same(
        &unpaid.status,
        &SubscriptionStatus::Incomplete,
        "never paid",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn t4_numbers_go_on_above_the_existing_ones() -> Checked {
    let (dir, mut shell) = old_database().await?;
    let store = SqliteStore::open(&url(&dir)).await?;
    let new = || store.create_company(UserId(1), fixture::new_company("New"), fixture::NOW);
    same(&new().await?.public_id.as_str(), &"COMP042", "the next")?;
    // The application beside x8 hands out a number too, and takes one away again.
    let theirs = "INSERT INTO companies SELECT 90, 'COMP050', name, user_id, company_type, shop_type, status, 0, 0, 0, 0, 0, 0,
                  0, NULL, created_at, updated_at FROM companies WHERE id = 1";
    run(&mut shell, theirs).await?;
    same(&new().await?.public_id.as_str(), &"COMP051", "above theirs")?;
    run(
        &mut shell,
        "DELETE FROM companies WHERE company_id IN ('COMP050', 'COMP051')",
    )
    .await?;
    same(&new().await?.public_id.as_str(), &"COMP052", "never reused")
}

#[tokio::test(flavor = "multi_thread")]
async fn d2_an_existing_channel_works_and_its_messages_stay_readable() -> Checked {
    let (dir, mut shell) = old_database().await?;
    let store = SqliteStore::open(&url(&dir)).await?;
    let tenant = store.company_for_work(CompanyId(1)).await?.tenant();
    let channel = store.channel(tenant, ChannelId(1)).await?;
    same(
        &(channel.platform, channel.status, channel.account.as_deref()),
        &(
            Platform::Whatsapp,
            ChannelStatus::Connected,
            Some("+34600000009"),
        ),
        "the channel",
    )?;
    let failed = ChannelEvent::Failed {
        reason: "logged out".to_owned(),
    };
    let channel = store
        .apply_channel_event(tenant, channel.id, &failed, fixture::NOW)
        .await?;
    same(&channel.status, &ChannelStatus::Error, "after a failure")?;
    let hello = [fixture::inbound("m1", "+34600000001", "hola")];
    let accepted = store.accept(&channel, &hello, WAIT, fixture::NOW).await?;
    let (conversation, message) = *present(accepted.stored.first(), "stored")?;
    let page = Page {
        limit: 10,
        after: None,
    };
    let found = store.messages(tenant, conversation, page).await?;
    same(
        &found.len(),
        &1,
        "messages of the thread; the old ones have none",
    )?;
    // What the existing application sees.
    let row = format!(
        "SELECT count(*) FROM messages WHERE id = {message} AND company_id = 1 AND channel = 'whatsapp'
         AND message_type = 'TYPE1' AND status = 'NO_PAYMENT_LINK' AND content = 'hola' AND external_id = 'm1'
         AND received_at = '2026-11-20 09:00:00.000000' AND created_at = '2026-11-20 09:00:00.000000'"
    );
    same(&number(&mut shell, &row).await?, &1, "the shared row")?;
    let kept = "SELECT count(*) FROM channels WHERE api_token = 'token' AND status = 'ERROR'
                AND last_error = 'logged out' AND error_count = 1 AND updated_at = '2026-11-20 09:00:00.000000'";
    same(&number(&mut shell, kept).await?, &1, "the channel's row")
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_subscription_of_the_existing_app_goes_on_in_its_own_row() -> Checked {
    let (dir, mut shell) = old_database().await?;
    let store = SqliteStore::open(&url(&dir)).await?;
    let known = store.subscriber("sub_2", None).await?;
    same(&known, &Some(UserId(1)), "whose it is")?;
    let boss = store.subscriber("sub_new", Some("cus_1")).await?;
    same(&boss, &Some(UserId(2)), "by the user's own column")?;
    let rows = store.subscriptions(UserId(1)).await?;
    let row = present(rows.first(), "the newest row")?;
    same(
        &(row.id, row.version, row.billed.price),
        &(2, 0, Some(Money::new(49_99, Currency::USD))),
        "as the existing application wrote it",
    )?;
    let end = "2026-12-01T00:00:00Z".parse().ok();
    let ending = Billed {
        plan: Plan::Double,
        status: SubscriptionStatus::Cancelled,
        price: Some(Money::new(19_99, Currency::USD)),
        cancelled_at: Some(fixture::NOW),
        reduced_until: end,
        reduced_to: Some(2),
        ..row.billed.clone()
    };
    let saved = store
        .save_subscription(UserId(1), &ending, 0, fixture::NOW)
        .await?;
    same(&(saved.id, saved.billed), &(2, ending), "what comes back")?;
    let theirs = "SELECT count(*) FROM subscriptions WHERE id = 2 AND user_id = 1 AND plan = 'DOUBLE' AND status = 'CANCELLED'
        AND stripe_subscription_id = 'sub_2' AND stripe_customer_id = 'cus_2' AND amount = 19.99 AND currency = 'USD'
        AND end_date = '2026-12-01 00:00:00.000000' AND cancelled_at = '2026-11-20 09:00:00.000000'";
    same(&number(&mut shell, theirs).await?, &1, "their row")?;
    let user = "SELECT count(*) FROM users WHERE id = 1 AND subscription_tier = 'BASIC'
        AND subscription_ends_at = '2026-12-01 00:00:00.000000' AND stripe_customer_id = 'cus_2'";
    same(&number(&mut shell, user).await?, &1, "their user")?;
    // The application beside x8 ends it in its own way.
    let theirs = "UPDATE subscriptions SET status = 'EXPIRED' WHERE id = 2";
    run(&mut shell, theirs).await?;
    let bought = present(store.subscription(UserId(1)).await?, "a subscription")?;
    same(
        &bought.status,
        &SubscriptionStatus::Expired,
        "the shared column decides",
    )
}
