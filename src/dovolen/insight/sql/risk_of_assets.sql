-- risk_of_assets: signs that a client may leave, seen in what he owns and in what happened to it.
-- Needs: assets, orders, lines, events, risk_clients, risk_ages (category, from_days, to_days).
-- Gives: as risk_of_orders.
WITH met AS (
    SELECT asset_id, MIN(accepted_date) AS met_date, MAX(customer_id) AS customer_id
    FROM orders
    WHERE asset_id IS NOT NULL AND accepted_date <= $asof
    GROUP BY asset_id
),
owned AS (
    SELECT c.day, c.customer_id, a.asset_id, a.category, a.warranty_until, coalesce(a.made_at, a.sold_at) AS born
    FROM assets AS a
    LEFT JOIN met AS m ON m.asset_id = a.asset_id
    JOIN risk_clients AS c ON c.customer_id = coalesce(a.customer_id, m.customer_id)
    WHERE (m.met_date <= c.day OR a.sold_at <= c.day) AND (a.left_at IS NULL OR a.left_at > c.day)
),
repaired AS (
    SELECT o.customer_id, o.asset_id, o.order_id, o.accepted_date, MAX(l.warranty_until) AS warranty_until
    FROM lines AS l
    JOIN orders AS o ON o.order_id = l.order_id
    WHERE l.warranty_until IS NOT NULL AND (l.state IS NULL OR l.state <> 'declined')
    GROUP BY o.customer_id, o.asset_id, o.order_id, o.accepted_date
),
happened AS (
    SELECT e.customer_id, e.asset_id, e.kind, day_in_zone(e.at, $zone) AS seen_date
    FROM events AS e
    WHERE e.kind IN ('appraisal', 'service_book_taken')
)
SELECT
    day, customer_id, 'warranty_ends' AS point, asset_id, NULL AS order_id,
    CAST(warranty_until - INTERVAL $risk_warranty_days DAY AS DATE) AS seen_date,
    date_diff('day', day, warranty_until) AS value, CAST(warranty_until + INTERVAL 1 DAY AS DATE) AS expires_date
FROM owned
WHERE date_diff('day', day, warranty_until) BETWEEN 0 AND $risk_warranty_days
UNION ALL
SELECT
    c.day, c.customer_id, 'repair_warranty_ends' AS point, r.asset_id, r.order_id,
    CAST(r.warranty_until - INTERVAL $risk_warranty_days DAY AS DATE) AS seen_date,
    date_diff('day', c.day, r.warranty_until) AS value, CAST(r.warranty_until + INTERVAL 1 DAY AS DATE) AS expires_date
FROM repaired AS r
JOIN risk_clients AS c ON c.customer_id = r.customer_id AND r.accepted_date <= c.day
-- A short warranty is not about to end from its first day: only its last third is.
WHERE date_diff('day', c.day, r.warranty_until) BETWEEN 0 AND $risk_warranty_days
  AND 3 * date_diff('day', c.day, r.warranty_until) <= date_diff('day', r.accepted_date, r.warranty_until)
UNION ALL
SELECT
    o.day, o.customer_id, 'asset_age' AS point, o.asset_id, NULL AS order_id, o.born AS seen_date,
    date_diff('day', o.born, o.day) AS value, CAST(NULL AS DATE) AS expires_date
FROM owned AS o
JOIN risk_ages AS g ON g.category = o.category
WHERE date_diff('day', o.born, o.day) >= g.from_days AND date_diff('day', o.born, o.day) < g.to_days
UNION ALL
SELECT
    c.day, c.customer_id, 'trade_in_valuation' AS point, h.asset_id, NULL AS order_id, h.seen_date,
    date_diff('day', h.seen_date, c.day) AS value, CAST(h.seen_date + INTERVAL $risk_event_days DAY AS DATE) AS expires_date
FROM happened AS h
JOIN risk_clients AS c ON c.customer_id = h.customer_id AND h.seen_date <= c.day
WHERE h.kind = 'appraisal' AND date_diff('day', h.seen_date, c.day) < $risk_event_days
UNION ALL
-- He who came again after taking his book away has not left.
SELECT
    c.day, c.customer_id, 'service_book_taken' AS point, h.asset_id, NULL AS order_id, h.seen_date,
    date_diff('day', h.seen_date, c.day) AS value, CAST(h.seen_date + INTERVAL 365 DAY AS DATE) AS expires_date
FROM happened AS h
JOIN risk_clients AS c ON c.customer_id = h.customer_id AND h.seen_date <= c.day
WHERE h.kind = 'service_book_taken' AND date_diff('day', h.seen_date, c.day) < 365 AND c.last_date <= h.seen_date
