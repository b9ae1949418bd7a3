-- The tables x8 shares with the application it stands beside: names, columns and conventions are that application's
-- (enum names, UTC datetimes). On a database that already has them nothing happens here, whatever types they were given
-- for enums and times, and no later migration may add a column to them: x8's own facts live in x8_ tables.

CREATE TABLE IF NOT EXISTS users (
    id SERIAL PRIMARY KEY,
    email VARCHAR(255) NOT NULL,
    hashed_password VARCHAR(255),
    full_name VARCHAR(255),
    role VARCHAR(7) NOT NULL DEFAULT 'CLIENT',
    subscription_tier VARCHAR(10) NOT NULL DEFAULT 'TRIAL',
    trial_ends_at TIMESTAMP,
    subscription_ends_at TIMESTAMP,
    manager_id INTEGER REFERENCES users (id),
    stripe_customer_id VARCHAR(255),
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    is_superuser BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP,
    updated_at TIMESTAMP
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_users_email ON users (email);

CREATE TABLE IF NOT EXISTS companies (
    id SERIAL PRIMARY KEY,
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
    avg_response_time DOUBLE PRECISION NOT NULL DEFAULT 0,
    subscription_ends TIMESTAMP,
    created_at TIMESTAMP,
    updated_at TIMESTAMP
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_companies_company_id ON companies (company_id);

CREATE TABLE IF NOT EXISTS channels (
    id SERIAL PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    platform VARCHAR(9) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    status VARCHAR(12) NOT NULL DEFAULT 'DISCONNECTED',
    platform_account_id VARCHAR(255),
    platform_account_name VARCHAR(255),
    config JSON,
    api_token VARCHAR(500),
    api_key VARCHAR(500),
    refresh_token VARCHAR(500),
    qr_code TEXT,
    qr_code_expires_at TIMESTAMP,
    last_error TEXT,
    error_count INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMP,
    updated_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS subscriptions (
    id SERIAL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    plan VARCHAR(10) NOT NULL,
    status VARCHAR(9) NOT NULL,
    stripe_subscription_id VARCHAR(255) UNIQUE,
    stripe_customer_id VARCHAR(255),
    amount DOUBLE PRECISION,
    currency VARCHAR(3),
    start_date TIMESTAMP,
    end_date TIMESTAMP,
    cancelled_at TIMESTAMP,
    created_at TIMESTAMP,
    updated_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS messages (
    id SERIAL PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies (id),
    channel VARCHAR(50),
    message_type VARCHAR(5) NOT NULL,
    status VARCHAR(17) NOT NULL DEFAULT 'NO_PAYMENT_LINK',
    content TEXT,
    external_id VARCHAR(255),
    sent_at TIMESTAMP,
    received_at TIMESTAMP,
    response_time_seconds DOUBLE PRECISION,
    created_at TIMESTAMP,
    updated_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS verification_codes (
    id SERIAL PRIMARY KEY,
    email VARCHAR(255) NOT NULL,
    code VARCHAR(6) NOT NULL,
    is_used BOOLEAN NOT NULL DEFAULT FALSE,
    expires_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP
);
CREATE INDEX IF NOT EXISTS ix_verification_codes_email ON verification_codes (email);

-- E-mails are compared in lower case; the existing rows may hold any.
CREATE INDEX IF NOT EXISTS x8_users_email_lower ON users (lower(email));
CREATE INDEX IF NOT EXISTS x8_companies_user ON companies (user_id);
CREATE INDEX IF NOT EXISTS x8_channels_company ON channels (company_id);
CREATE INDEX IF NOT EXISTS x8_subscriptions_user ON subscriptions (user_id);
