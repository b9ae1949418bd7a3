-- Turns that can be computed again, what their models cost, and alerts that are raised once.

ALTER TABLE x8_turns ADD COLUMN catalog_id INTEGER;
-- NULL in turns of before: they cannot be replayed.
ALTER TABLE x8_turns ADD COLUMN input TEXT;
ALTER TABLE x8_turns ADD COLUMN answer TEXT;

CREATE TABLE x8_tries (
    turn_id TEXT NOT NULL REFERENCES x8_turns (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    output TEXT,
    error TEXT,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (turn_id, place),
    CHECK ((output IS NULL) <> (error IS NULL))
);
CREATE INDEX x8_tries_company ON x8_tries (company_id, at);
-- The budget is asked in every turn: only what cost something is looked at, and only in this index.
CREATE INDEX x8_tries_cost ON x8_tries (company_id, at, cost) WHERE cost > 0;

ALTER TABLE x8_alerts ADD COLUMN once TEXT;
CREATE UNIQUE INDEX x8_alerts_once ON x8_alerts (company_id, once) WHERE once IS NOT NULL;
