-- Which prompt a try read, and calls of models outside of turns (FAQ, voice notes), for the company's account.

ALTER TABLE x8_tries ADD COLUMN prompt TEXT;

CREATE TABLE x8_calls (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    purpose TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    -- NULL: it answered.
    error TEXT,
    prompt_tokens BIGINT,
    completion_tokens BIGINT,
    cost BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX x8_calls_company ON x8_calls (company_id, at);
CREATE INDEX x8_calls_cost ON x8_calls (company_id, at, cost) WHERE cost > 0;

-- T6.
ALTER TABLE x8_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_calls FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_tenant ON x8_calls USING (x8_sees(company_id));
