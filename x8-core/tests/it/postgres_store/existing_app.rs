//! D2: a database that the existing application made, used as it is, whichever types it chose.

use sqlx::PgConnection;
use x8_core::{
    Secret,
    channel::{ChannelEvent, ChannelStatus, Platform},
    id::{ChannelId, CompanyId, UserId},
    plan::{Plan, SubscriptionStatus},
    port::{Accounts as _, ChannelStore as _, Companies as _, Inbox as _, Page},
    postgres::PostgresStore,
    tenant::{Caller, CompanySettings, CompanyStatus, CompanyType, Role},
    testing::{Checked, Failure, ensure, fixture, present, same},
};

use super::{Database, WAIT, number, on_server, run, text};

/// The enums, as its models create them.
const ENUMS: &str = "
CREATE TYPE userrole AS ENUM ('CLIENT', 'MANAGER', 'ADMIN');
CREATE TYPE subscriptiontier AS ENUM ('TRIAL', 'BASIC', 'PRO', 'ENTERPRISE');
CREATE TYPE companystatus AS ENUM ('ACTIVE', 'INACTIVE', 'SUSPENDED');
CREATE TYPE channelplatform AS ENUM ('WHATSAPP', 'TELEGRAM', 'INSTAGRAM', 'FACEBOOK', 'EMAIL', 'TIKTOK');
CREATE TYPE channelstatus AS ENUM ('DISCONNECTED', 'CONNECTING', 'CONNECTED', 'ERROR');
CREATE TYPE subscriptionplan AS ENUM ('FREE', 'SINGLE', 'DOUBLE', 'GROWTH', 'ENTERPRISE', 'SPECIAL');
CREATE TYPE subscriptionstatus AS ENUM ('ACTIVE', 'CANCELLED', 'EXPIRED', 'TRIAL');
CREATE TYPE messagetype AS ENUM ('TYPE1', 'TYPE2', 'TYPE3');
CREATE TYPE messagestatus AS ENUM ('NO_PAYMENT_LINK', 'PAYMENT_LINK_SENT', 'PAID');
";

/// The tables as its migrations leave them: no column has a default in the database. Enums by the names above.
const TABLES: &str = "
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE users (
    id SERIAL NOT NULL, email VARCHAR(255) NOT NULL, hashed_password VARCHAR(255) NOT NULL, full_name VARCHAR(255),
    role userrole NOT NULL, subscription_tier subscriptiontier NOT NULL, trial_ends_at TIMESTAMP WITHOUT TIME ZONE,
    subscription_ends_at TIMESTAMP WITHOUT TIME ZONE, manager_id INTEGER, stripe_customer_id VARCHAR(255),
    is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(manager_id) REFERENCES users (id));
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE TABLE companies (
    id SERIAL NOT NULL, company_id VARCHAR(50) NOT NULL, name VARCHAR(255) NOT NULL, user_id INTEGER NOT NULL,
    company_type VARCHAR(100), shop_type VARCHAR(100), status companystatus NOT NULL, total_messages INTEGER NOT NULL,
    type1_count INTEGER NOT NULL, type2_count INTEGER NOT NULL, type2_unpaid INTEGER NOT NULL,
    type3_count INTEGER NOT NULL, type3_paid INTEGER NOT NULL, avg_response_time FLOAT NOT NULL,
    subscription_ends TIMESTAMP WITHOUT TIME ZONE, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id));
CREATE UNIQUE INDEX ix_companies_company_id ON companies (company_id);
CREATE TABLE channels (
    id SERIAL NOT NULL, company_id INTEGER NOT NULL, user_id INTEGER NOT NULL, platform channelplatform NOT NULL,
    is_active BOOLEAN NOT NULL, status channelstatus NOT NULL, platform_account_id VARCHAR(255),
    platform_account_name VARCHAR(255), config JSON, api_token VARCHAR(500), api_key VARCHAR(500),
    refresh_token VARCHAR(500), qr_code TEXT, qr_code_expires_at TIMESTAMP WITHOUT TIME ZONE, last_error TEXT,
    error_count INTEGER NOT NULL, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(company_id) REFERENCES companies (id), FOREIGN KEY(user_id) REFERENCES users (id));
CREATE TABLE subscriptions (
    id SERIAL NOT NULL, user_id INTEGER NOT NULL, plan subscriptionplan NOT NULL, status subscriptionstatus NOT NULL,
    stripe_subscription_id VARCHAR(255), stripe_customer_id VARCHAR(255), amount FLOAT NOT NULL,
    currency VARCHAR(3) NOT NULL, start_date TIMESTAMP WITHOUT TIME ZONE, end_date TIMESTAMP WITHOUT TIME ZONE,
    cancelled_at TIMESTAMP WITHOUT TIME ZONE, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, PRIMARY KEY (id), UNIQUE (stripe_subscription_id),
    FOREIGN KEY(user_id) REFERENCES users (id));
CREATE TABLE messages (
    id SERIAL NOT NULL, company_id INTEGER NOT NULL, channel VARCHAR(50) NOT NULL, message_type messagetype NOT NULL,
    status messagestatus NOT NULL, content TEXT, external_id VARCHAR(255), sent_at TIMESTAMP WITHOUT TIME ZONE,
    received_at TIMESTAMP WITHOUT TIME ZONE, response_time_seconds FLOAT,
    created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(company_id) REFERENCES companies (id));
CREATE TABLE verification_codes (
    id SERIAL NOT NULL, email VARCHAR(255) NOT NULL, code VARCHAR(6) NOT NULL, is_used BOOLEAN NOT NULL,
    expires_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_verification_codes_email ON verification_codes (email);
";

/// Times are UTC; the session that writes them is too.
const ROWS: &str = "
SET TimeZone = 'UTC';
INSERT INTO alembic_version VALUES ('3f2a');
INSERT INTO users VALUES (2, 'boss@example.com', '$2b$12$hash', NULL, 'MANAGER', 'PRO', NULL,
    NULL, NULL, 'cus_1', TRUE, FALSE, '2026-01-01 00:00:00', '2026-01-01 00:00:00');
INSERT INTO users VALUES (1, 'Ana@Example.com', '$2b$12$hash', 'Ana', 'CLIENT', 'TRIAL', '2026-11-27 09:00:00.000000',
    NULL, 2, NULL, TRUE, FALSE, '2026-11-20 09:00:00.000000', '2026-11-20 09:00:00.000000');
INSERT INTO companies VALUES (1, 'COMP041', 'Rosas', 1, 'Product', 'flowers', 'ACTIVE', 3, 1, 1, 1, 1, 0, 2.5, NULL,
    '2026-11-20 09:00:00.123456', '2026-11-20 09:00:00.123456');
INSERT INTO companies VALUES (2, 'legacy', 'Old', 1, NULL, NULL, 'INACTIVE', 0, 0, 0, 0, 0, 0, 0, NULL,
    '2026-11-20 09:00:00', '2026-11-20 09:00:00');
INSERT INTO channels VALUES (1, 1, 1, 'WHATSAPP', TRUE, 'CONNECTED', '+34600000009', NULL, '{\"a\": 1}', 'token', NULL,
    NULL, NULL, NULL, NULL, 0, '2026-11-20 09:00:00', '2026-11-20 09:00:00');
INSERT INTO subscriptions VALUES (1, 1, 'SINGLE', 'EXPIRED', 'sub_1', 'cus_2', 9.99, 'USD', NULL, '2026-10-01 00:00:00',
    NULL, '2026-09-01 00:00:00', '2026-09-01 00:00:00');
INSERT INTO subscriptions VALUES (2, 1, 'GROWTH', 'ACTIVE', 'sub_2', 'cus_2', 49.99, 'USD', NULL,
    '2026-12-01 00:00:00', NULL, '2026-11-01 00:00:00', '2026-11-01 00:00:00');
INSERT INTO messages VALUES (7, 1, 'whatsapp', 'TYPE1', 'NO_PAYMENT_LINK', 'old', NULL, NULL, NULL, 1.5,
    '2026-11-20 09:00:00', '2026-11-20 09:00:00');
SELECT setval('users_id_seq', 2), setval('companies_id_seq', 2), setval('channels_id_seq', 1),
       setval('subscriptions_id_seq', 2), setval('messages_id_seq', 7);
";

/// Which types its models chose.
#[derive(Clone, Copy, Debug)]
enum Chosen {
    /// What the models make of `Enum` and `DateTime`.
    Usual,
    /// `DateTime(timezone=True)`.
    Zoned,
    /// `Enum(native_enum=False)`: text.
    PlainText,
}

async fn old_database(database: &Database, chosen: Chosen) -> Result<PgConnection, Failure> {
    let mut shell = database.shell().await?;
    let mut tables = TABLES.to_owned();
    match chosen {
        Chosen::Usual => run(&mut shell, ENUMS).await?,
        Chosen::Zoned => {
            tables = tables.replace("WITHOUT TIME ZONE", "WITH TIME ZONE");
            run(&mut shell, ENUMS).await?
        }
        Chosen::PlainText => {
            for line in ENUMS.lines().filter(|line| !line.is_empty()) {
                let name = line.split(' ').nth(2).unwrap();
                tables = tables.replace(&format!(" {name} "), " VARCHAR(17) ");
            }
            run(&mut shell, "SELECT 1").await?
        }
    };
    run(&mut shell, &tables).await?;
    run(&mut shell, ROWS).await?;
    Ok(shell)
}

/// The shared tables, as the database describes them.
async fn described(shell: &mut PgConnection) -> Result<String, Failure> {
    let sql = "SELECT string_agg(concat_ws(' ', table_name, column_name, udt_name, is_nullable, column_default), E'\\n'
                                 ORDER BY table_name, ordinal_position)
               FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'x8%'";
    text(shell, sql).await
}

async fn works(database: &Database, chosen: Chosen) -> Checked {
    let mut shell = old_database(database, chosen).await?;
    let before = described(&mut shell).await?;
    let store = database.node().await?;
    same(
        &described(&mut shell).await?,
        &before,
        "nothing was changed",
    )?;
    accounts(&store).await?;
    numbers(&store, &mut shell).await?;
    channel(&store, &mut shell).await
}

async fn accounts(store: &PostgresStore) -> Checked {
    let ana = present(store.user_by_email("ana@example.COM").await?, "the user")?;
    same(&ana.email.as_str(), &"ana@example.com", "e-mail")?;
    same(
        &ana.password_hash,
        &Some(Secret::new("$2b$12$hash")),
        "hash",
    )?;
    same(&ana.manager, &Some(UserId(2)), "manager")?;
    let trial = "2026-11-27T09:00:00Z".parse().unwrap();
    same(&ana.trial_ends_at, &Some(trial), "trial")?;
    let taken = store.create_user(fixture::new_user("ana@example.com", Role::Client));
    ensure(taken.await.is_err(), "the address is taken in any case")?;
    let new = fixture::new_user("new@example.com", Role::Manager);
    let made = store.create_user(new.clone()).await?;
    same(
        &(made.role, made.created_at, made.trial_ends_at),
        &(Role::Manager, new.created_at, Some(new.trial_ends_at)),
        "a new user",
    )?;
    let boss = store.user(UserId(2)).await?;
    let seen = store.companies(Caller::from(&boss)).await?;
    let kinds: Vec<_> = seen.iter().map(|one| (one.kind, one.status)).collect();
    let wanted = vec![
        (CompanyType::Product, CompanyStatus::Active),
        (CompanyType::Hybrid, CompanyStatus::Inactive),
    ];
    same(&kinds, &wanted, "the client's companies")?;
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
    )
}

async fn numbers(store: &PostgresStore, shell: &mut PgConnection) -> Checked {
    let new = || store.create_company(UserId(1), fixture::new_company("New"), fixture::NOW);
    same(&new().await?.public_id.as_str(), &"COMP042", "the next")?;
    // The application beside x8 hands out a number too, and takes one away again.
    let theirs = "INSERT INTO companies SELECT 90, 'COMP050', name, user_id, company_type, shop_type, status, 0, 0, 0, 0,
                  0, 0, 0, NULL, created_at, updated_at FROM companies WHERE id = 1";
    run(shell, theirs).await?;
    same(&new().await?.public_id.as_str(), &"COMP051", "above theirs")?;
    run(
        shell,
        "DELETE FROM companies WHERE company_id IN ('COMP050', 'COMP051')",
    )
    .await?;
    same(&new().await?.public_id.as_str(), &"COMP052", "never reused")
}

async fn channel(store: &PostgresStore, shell: &mut PgConnection) -> Checked {
    let company = store.company_for_work(CompanyId(1)).await?;
    same(&company.settings, &CompanySettings::default(), "settings")?;
    let micros = "2026-11-20T09:00:00.123456Z".parse().unwrap();
    same(&company.created_at, &micros, "created")?;
    let tenant = company.tenant();
    let channel = store.channel(tenant, ChannelId(1)).await?;
    let wanted = (
        Platform::Whatsapp,
        ChannelStatus::Connected,
        Some("+34600000009"),
    );
    same(
        &(channel.platform, channel.status, channel.account.as_deref()),
        &wanted,
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
    run(shell, "SET TimeZone = 'UTC'").await?;
    let row = format!(
        "SELECT count(*) FROM messages WHERE id = {message} AND company_id = 1 AND channel = 'whatsapp'
         AND message_type = 'TYPE1' AND status = 'NO_PAYMENT_LINK' AND content = 'hola' AND external_id = 'm1'
         AND received_at = '2026-11-20 09:00:00' AND created_at = '2026-11-20 09:00:00' AND sent_at IS NULL"
    );
    same(&number(shell, &row).await?, &1, "the shared row")?;
    let kept = "SELECT count(*) FROM channels WHERE api_token = 'token' AND status = 'ERROR'
                AND last_error = 'logged out' AND error_count = 1 AND updated_at = '2026-11-20 09:00:00'";
    same(&number(shell, kept).await?, &1, "the channel's row")
}

on_server! {
    async fn d2_runs_on_a_database_made_by_the_existing_app(database) {
        works(database, Chosen::Usual).await
    }
}

on_server! {
    async fn d2_runs_where_times_carry_a_zone(database) {
        works(database, Chosen::Zoned).await
    }
}

on_server! {
    async fn d2_runs_where_enums_are_text(database) {
        works(database, Chosen::PlainText).await
    }
}
