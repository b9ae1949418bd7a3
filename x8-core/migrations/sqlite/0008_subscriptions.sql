-- SaaS subscriptions (P2): what the existing table `subscriptions` lacks, and the provider's events about it. Nothing here
-- is about customer payments (P1).

CREATE TABLE x8_subscriptions (
    subscription_id INTEGER NOT NULL PRIMARY KEY REFERENCES subscriptions (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    -- Grace, downgrade and agreed channels, as JSON.
    body TEXT NOT NULL
);

CREATE TABLE x8_subscription_events (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- What it is about, so that it can be found and deleted with its user.
    subscription TEXT,
    event TEXT NOT NULL,
    body BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    -- When to apply it; NULL: done.
    due_at INTEGER
);
CREATE INDEX x8_subscription_events_due ON x8_subscription_events (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX x8_subscription_events_about ON x8_subscription_events (subscription) WHERE subscription IS NOT NULL;

CREATE INDEX IF NOT EXISTS x8_subscriptions_customer ON subscriptions (stripe_customer_id);
CREATE INDEX IF NOT EXISTS x8_users_customer ON users (stripe_customer_id);
