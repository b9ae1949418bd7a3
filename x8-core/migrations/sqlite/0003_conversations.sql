-- Customers, conversations, messages, turns and the queue.

CREATE TABLE x8_customers (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    name TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, id)
);

CREATE TABLE x8_identities (
    company_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (company_id, kind, value),
    FOREIGN KEY (company_id, customer_id) REFERENCES x8_customers (company_id, id) ON DELETE CASCADE
);
CREATE INDEX x8_identities_customer ON x8_identities (company_id, customer_id);

CREATE TABLE x8_conversations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    customer_id INTEGER NOT NULL,
    sender_kind TEXT NOT NULL,
    sender_value TEXT NOT NULL,
    address TEXT NOT NULL,
    taken_over INTEGER NOT NULL DEFAULT 0,
    fence INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    session TEXT NOT NULL,
    answered_through INTEGER,
    last_message_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (channel_id, customer_id),
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, customer_id) REFERENCES x8_customers (company_id, id)
);

CREATE TABLE x8_messages (
    id INTEGER NOT NULL PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    company_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    flow TEXT NOT NULL,
    author TEXT NOT NULL,
    image TEXT,
    provider_id TEXT,
    at INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    delivery TEXT NOT NULL,
    problem TEXT,
    turn TEXT,
    fence INTEGER,
    UNIQUE (channel_id, provider_id),
    FOREIGN KEY (company_id, conversation_id) REFERENCES x8_conversations (company_id, id) ON DELETE CASCADE
);
CREATE INDEX x8_messages_order ON x8_messages (company_id, conversation_id, at, id);
CREATE INDEX x8_messages_provider ON x8_messages (company_id, provider_id);

CREATE TABLE x8_turns (
    id TEXT NOT NULL PRIMARY KEY,
    company_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    catalog_version INTEGER NOT NULL,
    model_output TEXT NOT NULL,
    reply TEXT NOT NULL,
    findings TEXT NOT NULL,
    at INTEGER NOT NULL,
    FOREIGN KEY (company_id, conversation_id) REFERENCES x8_conversations (company_id, id) ON DELETE CASCADE
);
CREATE INDEX x8_turns_conversation ON x8_turns (company_id, conversation_id, at);

-- Keys of jobs are never reused: a claim that survived its job must not fit a later one.
CREATE TABLE x8_jobs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER REFERENCES companies (id) ON DELETE CASCADE,
    key TEXT NOT NULL UNIQUE,
    lane TEXT,
    kind TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    leased_until INTEGER,
    again_at INTEGER,
    generation INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    dead INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX x8_jobs_due ON x8_jobs (run_at, id) WHERE dead = 0;
CREATE INDEX x8_jobs_lane ON x8_jobs (lane, id) WHERE dead = 0 AND lane IS NOT NULL;
CREATE INDEX x8_jobs_leased ON x8_jobs (leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX x8_jobs_dead ON x8_jobs (id) WHERE dead = 1;
CREATE INDEX x8_jobs_company ON x8_jobs (company_id);

CREATE TABLE x8_alerts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    order_id TEXT,
    message TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX x8_alerts_company ON x8_alerts (company_id, id);
