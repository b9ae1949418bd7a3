-- Accounts, companies, channels, catalogues. Own times are UTC milliseconds; (company_id, id) is unique wherever another
-- table points, so that a foreign key can never cross tenants.

CREATE TABLE x8_sequences (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
);
INSERT INTO x8_sequences (name, value)
SELECT 'company', coalesce(max(CAST(substr(company_id, 5) AS INTEGER)), 0)
FROM companies WHERE company_id GLOB 'COMP[0-9]*';

CREATE TABLE x8_refresh_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    family TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    revoked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX x8_refresh_tokens_family ON x8_refresh_tokens (family);
CREATE INDEX x8_refresh_tokens_user ON x8_refresh_tokens (user_id);

CREATE TABLE x8_companies (
    company_id INTEGER NOT NULL PRIMARY KEY REFERENCES companies (id) ON DELETE CASCADE,
    settings TEXT NOT NULL
);

CREATE TABLE x8_channels (
    channel_id INTEGER NOT NULL PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    session TEXT NOT NULL UNIQUE,
    UNIQUE (company_id, channel_id)
);

CREATE TABLE x8_channel_log (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    detail TEXT,
    at INTEGER NOT NULL,
    FOREIGN KEY (company_id, channel_id) REFERENCES x8_channels (company_id, channel_id) ON DELETE CASCADE
);
CREATE INDEX x8_channel_log_channel ON x8_channel_log (company_id, channel_id, id);

CREATE TABLE x8_catalogs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    live INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, version),
    UNIQUE (company_id, id)
);
CREATE UNIQUE INDEX x8_catalogs_live ON x8_catalogs (company_id) WHERE live = 1;

CREATE TABLE x8_offerings (
    company_id INTEGER NOT NULL,
    catalog_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (catalog_id, position),
    UNIQUE (catalog_id, sku),
    FOREIGN KEY (company_id, catalog_id) REFERENCES x8_catalogs (company_id, id) ON DELETE CASCADE
);

CREATE TABLE x8_documents (
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (space, key)
);
