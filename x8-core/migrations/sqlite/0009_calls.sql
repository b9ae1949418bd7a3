-- Which prompt a try read, and calls of models outside of turns (FAQ, voice notes), for the company's account.

ALTER TABLE x8_tries ADD COLUMN prompt TEXT;

CREATE TABLE x8_calls (
    id INTEGER PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    model TEXT NOT NULL,
    -- NULL: it answered.
    error TEXT,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost INTEGER NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX x8_calls_company ON x8_calls (company_id, at);
CREATE INDEX x8_calls_cost ON x8_calls (company_id, at, cost) WHERE cost > 0;
