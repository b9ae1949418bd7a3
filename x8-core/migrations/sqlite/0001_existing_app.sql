-- The tables x8 shares with the application it stands beside: names, columns and conventions are that application's
-- (enum names as text, UTC datetimes as text, booleans 0/1). On a database that already has them nothing happens here,
-- and no later migration may add a column to them: x8's own facts live in x8_ tables.

CREATE TABLE IF NOT EXISTS users (
    id INTEGER NOT NULL PRIMARY KEY,
    email VARCHAR(255) NOT NULL,
    hashed_password VARCHAR(255),
    full_name VARCHAR(255),
    role VARCHAR(7) NOT NULL DEFAULT 'CLIENT',
    subscription_tier VARCHAR(10) NOT NULL DEFAULT 'TRIAL',
    trial_ends_at DATETIME,
    subscription_ends_at DATETIME,
    manager_id INTEGER REFERENCES users (id),
    stripe_customer_id VARCHAR(255),
    is_active BOOLEAN NOT NULL DEFAULT 1,
    is_superuser BOOLEAN NOT NULL DEFAULT 0,
    created_at DATETIME,
    updated_at DATETIME
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_users_email ON users (email);

CREATE TABLE IF NOT EXISTS companies (
    id INTEGER NOT NULL PRIMARY KEY,
    company_id VARCHAR(50) NOT NULL,
    name VARCHAR(255) NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    company_type VARCHAR(100),
    shop_type VARCHAR(100),
    status VARCHAR(9) NOT NULL DEFAULT 'ACTIVE',
    total_messages INTEGER NOT NULL DEFAULT 0,
    type1_count INTEGER NOT NULL DEFAULT 0,
    type2_count INTEGER NOT NULL DEFAULT 0,
    type2_unpaid INTEGER NOT NULL DEFAULT 0,
    type3_count INTEGER NOT NULL DEFAULT 0,
    type3_paid INTEGER NOT NULL DEFAULT 0,
    avg_response_time FLOAT NOT NULL DEFAULT 0,
    subscription_ends DATETIME,
    created_at DATETIME,
    updated_at DATETIME
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_companies_company_id ON companies (company_id);

CREATE TABLE IF NOT EXISTS channels (
    id INTEGER NOT NULL PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    platform VARCHAR(9) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    status VARCHAR(12) NOT NULL DEFAULT 'DISCONNECTED',
    platform_account_id VARCHAR(255),
    platform_account_name VARCHAR(255),
    config JSON,
    api_token VARCHAR(500),
    api_key VARCHAR(500),
    refresh_token VARCHAR(500),
    qr_code TEXT,
    qr_code_expires_at DATETIME,
    last_error TEXT,
    error_count INTEGER NOT NULL DEFAULT 0,
    created_at DATETIME,
    updated_at DATETIME
);

CREATE TABLE IF NOT EXISTS subscriptions (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    plan VARCHAR(10) NOT NULL,
    status VARCHAR(9) NOT NULL,
    stripe_subscription_id VARCHAR(255) UNIQUE,
    stripe_customer_id VARCHAR(255),
    amount FLOAT,
    currency VARCHAR(3),
    start_date DATETIME,
    end_date DATETIME,
    cancelled_at DATETIME,
    created_at DATETIME,
    updated_at DATETIME
);

CREATE TABLE IF NOT EXISTS messages (
    id INTEGER NOT NULL PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies (id),
    channel VARCHAR(50),
    message_type VARCHAR(5) NOT NULL,
    status VARCHAR(17) NOT NULL DEFAULT 'NO_PAYMENT_LINK',
    content TEXT,
    external_id VARCHAR(255),
    sent_at DATETIME,
    received_at DATETIME,
    response_time_seconds FLOAT,
    created_at DATETIME,
    updated_at DATETIME
);

CREATE TABLE IF NOT EXISTS verification_codes (
    id INTEGER NOT NULL PRIMARY KEY,
    email VARCHAR(255) NOT NULL,
    code VARCHAR(6) NOT NULL,
    is_used BOOLEAN NOT NULL DEFAULT 0,
    expires_at DATETIME NOT NULL,
    created_at DATETIME
);
CREATE INDEX IF NOT EXISTS ix_verification_codes_email ON verification_codes (email);

-- E-mails are compared in lower case; the existing rows may hold any.
CREATE INDEX IF NOT EXISTS x8_users_email_lower ON users (lower(email));
CREATE INDEX IF NOT EXISTS x8_companies_user ON companies (user_id);
CREATE INDEX IF NOT EXISTS x8_channels_company ON channels (company_id);
CREATE INDEX IF NOT EXISTS x8_subscriptions_user ON subscriptions (user_id);
