-- Principle 2: the query that must return no rows. Some rules allow a moment for the work to be done: after `due_at`
-- (UTC milliseconds) the row is a violation; NULL: at once. An event whose order is unknown has no tenant yet: company 0.

CREATE VIEW x8_violation_candidates WITH (security_invoker = true) AS
SELECT 'booking_without_payment' AS rule, b.company_id AS company_id, b.id AS subject,
       'booking of order ' || b.order_id || ', which is ' || coalesce(o.state, 'absent') || ' and not paid in full' AS detail,
       CAST(NULL AS BIGINT) AS due_at
FROM x8_bookings b
LEFT JOIN x8_orders o ON o.company_id = b.company_id AND o.id = b.order_id
LEFT JOIN x8_payments p ON p.company_id = b.company_id AND p.order_id = b.order_id
WHERE b.status = 'booked' AND NOT coalesce(
    o.state IN ('paid', 'confirmed', 'booked', 'fulfilled')
    AND (o.total_minor = 0 OR (p.amount_minor = o.total_minor AND p.currency = o.currency)), FALSE)

UNION ALL
SELECT 'paid_without_booking', o.company_id, o.id,
       'order is ' || o.state || ' since more than 15 minutes, with neither a booking nor a noted problem',
       o.updated_at + 900000
FROM x8_orders o
WHERE o.state IN ('paid', 'confirmed', 'booked') AND o.problem IS NULL AND NOT EXISTS (
    SELECT 1 FROM x8_bookings b WHERE b.company_id = o.company_id AND b.order_id = o.id AND b.status = 'booked')

UNION ALL
SELECT 'two_open_orders', o.company_id, min(o.id),
       'customer ' || o.customer_id || ' has ' || count(*) || ' open orders', NULL
FROM x8_orders o
WHERE o.state IN ('cart', 'awaiting_payment')
GROUP BY o.company_id, o.customer_id
HAVING count(*) > 1

UNION ALL
SELECT 'double_booking', b.company_id, min(b.id),
       count(*) || ' bookings of ' || b.resource || ' at ' || b.starts_at || ', seat ' || b.seat, NULL
FROM x8_bookings b
WHERE b.status = 'booked'
GROUP BY b.company_id, b.resource, b.starts_at, b.seat
HAVING count(*) > 1

UNION ALL
SELECT 'double_booking', b.company_id, min(b.id), count(*) || ' bookings of order ' || b.order_id, NULL
FROM x8_bookings b
WHERE b.status = 'booked'
GROUP BY b.company_id, b.order_id
HAVING count(*) > 1

UNION ALL
SELECT 'paid_amount_differs', o.company_id, o.id,
       'order of ' || o.total_minor || ' ' || o.currency || ' is ' || o.state || ', paid '
           || coalesce(p.amount_minor || ' ' || p.currency, 'nothing'),
       NULL
FROM x8_orders o
LEFT JOIN x8_payments p ON p.company_id = o.company_id AND p.order_id = o.id
WHERE o.state IN ('paid', 'booked', 'fulfilled', 'booking_failed')
  AND NOT coalesce(p.amount_minor = o.total_minor AND p.currency = o.currency, o.total_minor = 0)

UNION ALL
SELECT 'payment_event_unapplied', coalesce(k.company_id, 0), e.id,
       'money for ' || e.key || CASE WHEN k.key IS NULL THEN ' found no order' ELSE ' could not be applied' END,
       e.recorded_at + 900000
FROM x8_payment_events e
LEFT JOIN x8_payment_keys k ON k.key = e.key
LEFT JOIN x8_jobs j ON j.key = 'apply_payment:' || e.account || ':' || e.id
WHERE e.fact = 'paid' AND (k.key IS NULL OR j.dead = TRUE);

-- The same for people with a database shell: what is a violation now. Say first for whom you look: set_config('x8.company', '*', false).
CREATE VIEW x8_violations WITH (security_invoker = true) AS
SELECT rule, company_id, subject, detail FROM x8_violation_candidates
WHERE due_at IS NULL OR due_at < CAST(extract(epoch FROM now()) AS BIGINT) * 1000;
