-- Orders, money, slots and bookings, with the rules that hold whoever writes (O1, B1, B3, principle 2).

CREATE TABLE x8_orders (
    id TEXT NOT NULL PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    customer_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'cart', 'awaiting_payment', 'confirmed', 'paid', 'booked', 'fulfilled',
        'superseded', 'expired', 'cancelled', 'refund_pending', 'refunded', 'booking_failed')),
    total_minor INTEGER NOT NULL CHECK (total_minor >= 0),
    currency TEXT NOT NULL,
    problem TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
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

-- Every link an order ever had: a payment may come through any of them (O12). One link, one order.
CREATE TABLE x8_checkouts (
    session TEXT NOT NULL PRIMARY KEY,
    company_id INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id) ON DELETE CASCADE
);
CREATE INDEX x8_checkouts_order ON x8_checkouts (company_id, order_id);

-- Written before the order that it pays, hence the deferred key.
CREATE TABLE x8_payments (
    order_id TEXT NOT NULL PRIMARY KEY,
    company_id INTEGER NOT NULL,
    session TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    paid_at INTEGER NOT NULL,
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX x8_payments_reference ON x8_payments (reference);
CREATE INDEX x8_payments_order ON x8_payments (company_id, order_id);

CREATE TABLE x8_payment_events (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    fact TEXT,
    key TEXT,
    event TEXT NOT NULL,
    body BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (account, id)
);
CREATE INDEX x8_payment_events_key ON x8_payment_events (key) WHERE key IS NOT NULL;

-- B3: one live hold per seat. A row without an end is a booking's; one whose end has passed is overwritten by the next.
CREATE TABLE x8_holds (
    company_id INTEGER NOT NULL,
    resource TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    seat INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (company_id, resource, starts_at, seat),
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id) ON DELETE CASCADE
);
CREATE INDEX x8_holds_order ON x8_holds (company_id, order_id);

CREATE TABLE x8_bookings (
    id TEXT NOT NULL PRIMARY KEY,
    company_id INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('booked', 'cancelled')),
    resource TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    seat INTEGER NOT NULL,
    body TEXT NOT NULL,
    FOREIGN KEY (company_id, order_id) REFERENCES x8_orders (company_id, id) ON DELETE CASCADE
);
-- B1: one standing booking per order; B3: one per seat.
CREATE UNIQUE INDEX x8_bookings_order ON x8_bookings (company_id, order_id) WHERE status = 'booked';
CREATE UNIQUE INDEX x8_bookings_seat ON x8_bookings (company_id, resource, starts_at, seat) WHERE status = 'booked';
CREATE INDEX x8_bookings_start ON x8_bookings (company_id, starts_at);

-- The orders that may be booked: free and confirmed, or paid with their exact total (B1).
CREATE VIEW x8_bookable AS
SELECT o.company_id, o.id AS order_id
FROM x8_orders o
LEFT JOIN x8_payments p ON p.company_id = o.company_id AND p.order_id = o.id
WHERE (o.state IN ('confirmed', 'booked', 'fulfilled') AND o.total_minor = 0)
   OR (o.state IN ('paid', 'booked', 'fulfilled') AND p.amount_minor = o.total_minor AND p.currency = o.currency);

CREATE TRIGGER x8_bookings_insert BEFORE INSERT ON x8_bookings
WHEN NEW.status = 'booked' AND NOT EXISTS (
    SELECT 1 FROM x8_bookable b WHERE b.company_id = NEW.company_id AND b.order_id = NEW.order_id)
BEGIN
    SELECT RAISE(ABORT, 'an order that is neither paid nor free cannot be booked');
END;

CREATE TRIGGER x8_bookings_update BEFORE UPDATE OF status, order_id, company_id ON x8_bookings
WHEN NEW.status = 'booked' AND NOT EXISTS (
    SELECT 1 FROM x8_bookable b WHERE b.company_id = NEW.company_id AND b.order_id = NEW.order_id)
BEGIN
    SELECT RAISE(ABORT, 'an order that is neither paid nor free cannot be booked');
END;

-- Principle 2: paid is what has its payment, confirmed is what is free, and what comes after is either.
CREATE TRIGGER x8_orders_insert BEFORE INSERT ON x8_orders
WHEN (NEW.state = 'paid'
      OR (NEW.state IN ('confirmed', 'booked', 'fulfilled', 'booking_failed') AND NEW.total_minor > 0))
 AND (NEW.state = 'confirmed' OR NOT EXISTS (
    SELECT 1 FROM x8_payments p WHERE p.company_id = NEW.company_id AND p.order_id = NEW.id
        AND p.amount_minor = NEW.total_minor AND p.currency = NEW.currency))
BEGIN
    SELECT RAISE(ABORT, 'an order moves past payment only with a payment of its total');
END;

CREATE TRIGGER x8_orders_update BEFORE UPDATE OF id, company_id, state, total_minor, currency ON x8_orders
WHEN (NEW.state = 'paid'
      OR (NEW.state IN ('confirmed', 'booked', 'fulfilled', 'booking_failed') AND NEW.total_minor > 0))
 AND (NEW.state = 'confirmed' OR NOT EXISTS (
    SELECT 1 FROM x8_payments p WHERE p.company_id = NEW.company_id AND p.order_id = NEW.id
        AND p.amount_minor = NEW.total_minor AND p.currency = NEW.currency))
BEGIN
    SELECT RAISE(ABORT, 'an order moves past payment only with a payment of its total');
END;

-- Nor does an order become unpaid under a booking that stands.
CREATE TRIGGER x8_orders_unpaid BEFORE UPDATE OF state ON x8_orders
WHEN NEW.state IN ('cart', 'awaiting_payment', 'superseded', 'expired', 'cancelled') AND EXISTS (
    SELECT 1 FROM x8_bookings b
    WHERE b.company_id = NEW.company_id AND b.order_id = NEW.id AND b.status = 'booked')
BEGIN
    SELECT RAISE(ABORT, 'an order whose booking stands cannot become unpaid');
END;

-- A payment that carries an order stays as it is.
CREATE TRIGGER x8_payments_update BEFORE UPDATE OF order_id, company_id, amount_minor, currency ON x8_payments
WHEN (OLD.order_id <> NEW.order_id OR OLD.company_id <> NEW.company_id
      OR OLD.amount_minor <> NEW.amount_minor OR OLD.currency <> NEW.currency)
 AND EXISTS (SELECT 1 FROM x8_orders o WHERE o.company_id = OLD.company_id AND o.id = OLD.order_id
    AND (o.state = 'paid' OR (o.state IN ('confirmed', 'booked', 'fulfilled', 'booking_failed') AND o.total_minor > 0)))
BEGIN
    SELECT RAISE(ABORT, 'the payment of a paid order cannot change');
END;

CREATE TRIGGER x8_payments_delete BEFORE DELETE ON x8_payments
WHEN EXISTS (SELECT 1 FROM x8_orders o WHERE o.company_id = OLD.company_id AND o.id = OLD.order_id
    AND (o.state = 'paid' OR (o.state IN ('confirmed', 'booked', 'fulfilled', 'booking_failed') AND o.total_minor > 0)))
BEGIN
    SELECT RAISE(ABORT, 'the payment of a paid order cannot go');
END;
