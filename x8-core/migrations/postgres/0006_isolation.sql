-- T6: x8's tables show a session nothing but the rows of the company it names in x8.company; `*` names all of them, `none`
-- what belongs to no company. Without the setting there is nothing to see and nothing can be written. The owner is bound
-- too; superusers and roles with BYPASSRLS are not, which is PostgreSQL's own rule. Tables of the existing application keep
-- its rules.

CREATE FUNCTION x8_sees(company BIGINT) RETURNS BOOLEAN LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('x8.company', true) IN ('*', company::text);

DO $$
DECLARE
    tenant_table TEXT;
BEGIN
    FOREACH tenant_table IN ARRAY ARRAY[
        'x8_companies', 'x8_channels', 'x8_channel_log', 'x8_catalogs', 'x8_offerings', 'x8_customers', 'x8_identities',
        'x8_conversations', 'x8_messages', 'x8_turns', 'x8_tries', 'x8_alerts', 'x8_orders', 'x8_payment_keys',
        'x8_payments', 'x8_holds', 'x8_bookings'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
        EXECUTE format('CREATE POLICY x8_tenant ON %I USING (x8_sees(company_id))', tenant_table);
    END LOOP;
END $$;

-- Jobs that belong to no company (a payment event whose order is not known yet) are for x8 itself, whoever it works for.
ALTER TABLE x8_jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_tenant ON x8_jobs
    USING (x8_sees(company_id) OR (company_id IS NULL AND current_setting('x8.queue', true) = 'on'));

-- An event of a payment provider belongs to the company that has its link or payment, if any has.
ALTER TABLE x8_payment_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_payment_events FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_tenant ON x8_payment_events
    USING (current_setting('x8.company', true) = '*'
           OR EXISTS (SELECT 1 FROM x8_payment_keys k WHERE k.key = x8_payment_events.key));

-- Documents say in their own names whose they are, sequences are everybody's: only work for nobody in particular reads them.
ALTER TABLE x8_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_documents FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_platform ON x8_documents USING (current_setting('x8.company', true) = '*');
ALTER TABLE x8_sequences ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_sequences FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_platform ON x8_sequences USING (current_setting('x8.company', true) = '*');
ALTER TABLE x8_refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE x8_refresh_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY x8_account ON x8_refresh_tokens USING (current_setting('x8.company', true) IN ('*', 'none'));
