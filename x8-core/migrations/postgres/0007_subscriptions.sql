-- SaaS subscriptions (P2): what the existing table `subscriptions` lacks, and the provider's events about it. Nothing here
-- is about customer payments (P1), and nothing belongs to a company.

CREATE TABLE x8_subscriptions (
    subscription_id BIGINT NOT NULL PRIMARY KEY REFERENCES subscriptions (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    -- Grace, downgrade and agreed channels, as JSON.
    body TEXT NOT NULL
);

CREATE TABLE x8_subscription_events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    -- What it is about, so that it can be found and deleted with its user.
    subscription TEXT COLLATE "C",
    event TEXT NOT NULL,
    body BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- When to apply it; NULL: done.
    due_at BIGINT
);
CREATE INDEX x8_subscription_events_due ON x8_subscription_events (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX x8_subscription_events_about ON x8_subscription_events (subscription) WHERE subscription IS NOT NULL;

CREATE INDEX IF NOT EXISTS x8_subscriptions_customer ON subscriptions (stripe_customer_id);
CREATE INDEX IF NOT EXISTS x8_users_customer ON users (stripe_customer_id);

-- T6: accounts are nobody's company; a session that works for one company sees none of it.
ALTER TABLE x8_subscriptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_subscriptions FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_account ON x8_subscriptions USING (current_setting('x8.company', true) IN ('*', 'none'));
ALTER TABLE x8_subscription_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_subscription_events FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_platform ON x8_subscription_events USING (current_setting('x8.company', true) = '*');
