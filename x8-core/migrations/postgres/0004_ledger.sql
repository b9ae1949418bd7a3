-- Orders, money, slots and bookings, with the rules that hold whoever writes (O1, B1, B3, principle 2).

CREATE TABLE x8_orders (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    customer_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN (
        'cart', 'awaiting_payment', 'confirmed', 'paid', 'booked', 'fulfilled',
        'superseded', 'expired', 'cancelled', 'refund_pending', 'refunded', 'booking_failed')),
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    currency TEXT COLLATE "C" NOT NULL,
    problem TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (company_id, id),
    FOREIGN KEY (company_id, customer_id) REFERENCES x8_customers (company_id, id),
    FOREIGN KEY (company_id, conversation_id) REFERENCES x8_conversations (company_id, id)
);
-- O1: one open order per customer and company.
CREATE UNIQUE INDEX x8_orders_open ON x8_orders (company_id, customer_id) WHERE state IN ('cart', 'awaiting_payment');
CREATE INDEX x8_orders_newest ON x8_orders (company_id, created_at, id);
CREATE INDEX x8_orders_state ON x8_orders (state);
CREATE INDEX x8_orders_customer ON x8_orders (company_id, customer_id, created_at, id);

-- Every link and every payment an order ever had, by the provider's names for them: money may come through any link, and
-- go back by any payment (O12). One name, one order.
CREATE TABLE x8_payment_keys (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id) ON DELETE CASCADE
);
CREATE INDEX x8_payment_keys_order ON x8_payment_keys (company_id, order_id);

-- Written before the order that it pays, hence the deferred key.
CREATE TABLE x8_payments (
    order_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    reference TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    paid_at BIGINT NOT NULL,
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX x8_payments_order ON x8_payments (company_id, order_id);

CREATE TABLE x8_payment_events (
    account TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    fact TEXT,
    key TEXT COLLATE "C",
    event TEXT NOT NULL,
    body BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account, id)
);
CREATE INDEX x8_payment_events_key ON x8_payment_events (key) WHERE key IS NOT NULL;

-- B3: one live hold per seat. A row without an end is a booking's; one whose end has passed is overwritten by the next.
CREATE TABLE x8_holds (
    company_id BIGINT NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    starts_at BIGINT NOT NULL,
    seat INTEGER NOT NULL,
    ends_at BIGINT NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (company_id, resource, starts_at, seat),
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id) ON DELETE CASCADE
);
CREATE INDEX x8_holds_order ON x8_holds (company_id, order_id);

CREATE TABLE x8_bookings (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id BIGINT NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('booked', 'cancelled')),
    resource TEXT COLLATE "C" NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    seat INTEGER NOT NULL,
    body TEXT NOT NULL,
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id) ON DELETE CASCADE
);
-- B1: one standing booking per order; B3: one per seat.
CREATE UNIQUE INDEX x8_bookings_order ON x8_bookings (company_id, order_id) WHERE status = 'booked';
CREATE UNIQUE INDEX x8_bookings_seat ON x8_bookings (company_id, resource, starts_at, seat) WHERE status = 'booked';
CREATE INDEX x8_bookings_start ON x8_bookings (company_id, starts_at);

-- The orders that may be booked: free and confirmed, or paid with their exact total (B1).
CREATE VIEW x8_bookable WITH (security_invoker = true) AS
SELECT o.company_id, o.id AS order_id
FROM x8_orders o
LEFT JOIN x8_payments p ON p.company_id = o.company_id AND p.order_id = o.id
WHERE (o.state IN ('confirmed', 'booked', 'fulfilled') AND o.total_minor = 0)
   OR (o.state IN ('paid', 'booked', 'fulfilled') AND p.amount_minor = o.total_minor AND p.currency = o.currency);

-- The rules refuse with states of class X8. Each locks the row it looks at, so that two writers who know nothing of each
-- other cannot break a rule together; each finds its tables where this migration made them, whatever path the writer has.

CREATE FUNCTION x8_require_bookable() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM x8_orders o WHERE o.company_id = NEW.company_id AND o.id = NEW.order_id FOR SHARE;
    IF NOT EXISTS (SELECT 1 FROM x8_bookable b WHERE b.company_id = NEW.company_id AND b.order_id = NEW.order_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'X8001', MESSAGE = 'an order that is neither paid nor free cannot be booked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER x8_bookings_insert BEFORE INSERT ON x8_bookings
    FOR EACH ROW WHEN (NEW.status = 'booked') EXECUTE FUNCTION x8_require_bookable();
CREATE TRIGGER x8_bookings_update BEFORE UPDATE OF status, order_id, company_id ON x8_bookings
    FOR EACH ROW WHEN (NEW.status = 'booked') EXECUTE FUNCTION x8_require_bookable();

-- Principle 2: paid is what has its payment, confirmed is what is free, and what comes after is either.
CREATE FUNCTION x8_require_payment() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM x8_payments p WHERE p.company_id = NEW.company_id AND p.order_id = NEW.id
        AND p.amount_minor = NEW.total_minor AND p.currency = NEW.currency FOR SHARE;
    IF NEW.state = 'confirmed' OR NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'X8002', MESSAGE = 'an order moves past payment only with a payment of its total';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER x8_orders_insert BEFORE INSERT ON x8_orders
    FOR EACH ROW WHEN (NEW.state = 'paid'
        OR (NEW.state IN ('confirmed', 'booked', 'fulfilled', 'booking_failed') AND NEW.total_minor > 0))
    EXECUTE FUNCTION x8_require_payment();
CREATE TRIGGER x8_orders_update BEFORE UPDATE OF id, company_id, state, total_minor, currency ON x8_orders
    FOR EACH ROW WHEN (NEW.state = 'paid'
        OR (NEW.state IN ('confirmed', 'booked', 'fulfilled', 'booking_failed') AND NEW.total_minor > 0))
    EXECUTE FUNCTION x8_require_payment();

-- Nor does an order become unpaid under a booking that stands.
CREATE FUNCTION x8_refuse_unpaid_booking() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM x8_bookings b
               WHERE b.company_id = NEW.company_id AND b.order_id = NEW.id AND b.status = 'booked') THEN
        RAISE EXCEPTION USING ERRCODE = 'X8003', MESSAGE = 'an order whose booking stands cannot become unpaid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER x8_orders_unpaid BEFORE UPDATE OF state ON x8_orders
    FOR EACH ROW WHEN (NEW.state IN ('cart', 'awaiting_payment', 'superseded', 'expired', 'cancelled'))
    EXECUTE FUNCTION x8_refuse_unpaid_booking();

-- A payment that carries an order stays as it is.
CREATE FUNCTION x8_keep_payment() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM x8_orders o WHERE o.company_id = OLD.company_id AND o.id = OLD.order_id
        AND (o.state = 'paid'
             OR (o.state IN ('confirmed', 'booked', 'fulfilled', 'booking_failed') AND o.total_minor > 0)) FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'X8004', MESSAGE = CASE TG_OP
            WHEN 'DELETE' THEN 'the payment of a paid order cannot go'
            ELSE 'the payment of a paid order cannot change' END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER x8_payments_update BEFORE UPDATE OF order_id, company_id, amount_minor, currency ON x8_payments
    FOR EACH ROW WHEN ((OLD.order_id, OLD.company_id, OLD.amount_minor, OLD.currency)
        IS DISTINCT FROM (NEW.order_id, NEW.company_id, NEW.amount_minor, NEW.currency))
    EXECUTE FUNCTION x8_keep_payment();
CREATE TRIGGER x8_payments_delete BEFORE DELETE ON x8_payments
    FOR EACH ROW EXECUTE FUNCTION x8_keep_payment();
