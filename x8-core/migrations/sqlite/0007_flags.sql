-- The statements compare flags with TRUE and FALSE, which every database understands; an index over a part of a table is
-- used only by statements that say its condition in the same words.

DROP INDEX x8_catalogs_live;
CREATE UNIQUE INDEX x8_catalogs_live ON x8_catalogs (company_id) WHERE live = TRUE;

DROP INDEX x8_jobs_due;
CREATE INDEX x8_jobs_due ON x8_jobs (run_at, id) WHERE dead = FALSE;
DROP INDEX x8_jobs_lane;
CREATE INDEX x8_jobs_lane ON x8_jobs (lane, id) WHERE dead = FALSE AND lane IS NOT NULL;
DROP INDEX x8_jobs_dead;
CREATE INDEX x8_jobs_dead ON x8_jobs (id) WHERE dead = TRUE;
