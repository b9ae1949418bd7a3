-- Chat memory: one row per turn. The same text runs on SQLite and PostgreSQL.

CREATE TABLE x8_memory (
    tenant BIGINT NOT NULL,
    conversation BIGINT NOT NULL,
    turn TEXT NOT NULL,
    -- Entries of the conversation up to and with this turn, also those that are gone: the order, and what makes room.
    position BIGINT NOT NULL,
    -- JSON of the identity behind the customer's words.
    person TEXT NOT NULL,
    -- JSON list of entries.
    entries TEXT NOT NULL,
    -- UTC milliseconds at which the last of them has expired.
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, conversation, turn)
);
CREATE INDEX x8_memory_newest ON x8_memory (tenant, conversation, position);
CREATE INDEX x8_memory_person ON x8_memory (tenant, person);
CREATE INDEX x8_memory_expiry ON x8_memory (expires_at);
