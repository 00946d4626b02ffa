-- risk_open: signs in what is not finished on each day asked about: promises about to break, complaints, declined work.
-- Needs: risk_orders, risk_clients, promises, cases, lines, contacts.
-- Gives: as risk_of_orders.
WITH open_orders AS (
    SELECT r.day, r.customer_id, r.asset_id, r.order_id, r.accepted_date, r.promised_at, r.repromised_at
    FROM risk_orders AS r
    JOIN risk_clients AS c ON c.day = r.day AND c.customer_id = r.customer_id
    WHERE r.done_date IS NULL AND r.promised_at IS NOT NULL
),
moved AS (
    SELECT o.day, o.order_id, MAX(p.promised_at) AS promised_at
    FROM open_orders AS o
    JOIN promises AS p ON p.order_id = o.order_id
    WHERE day_in_zone(p.at, $zone) <= o.day
    GROUP BY o.day, o.order_id
),
promised AS (
    SELECT
        o.day,
        o.customer_id,
        o.asset_id,
        o.order_id,
        o.accepted_date,
        day_in_zone(
            coalesce(m.promised_at, CASE WHEN o.day = $asof THEN o.repromised_at END, o.promised_at), $zone
        ) AS promised_date
    FROM open_orders AS o
    LEFT JOIN moved AS m ON m.day = o.day AND m.order_id = o.order_id
),
complaints AS (
    SELECT
        customer_id,
        order_id,
        day_in_zone(opened_at, $zone) AS opened_date,
        day_in_zone(resolved_at, $zone) AS resolved_date
    FROM cases
    WHERE kind = 'complaint'
),
refused AS (
    SELECT
        order_id,
        CAST(SUM(CAST(floor(price * coalesce(quantity, 1) + 0.5) AS BIGINT)) AS BIGINT) AS amount,
        MAX(day_in_zone(decided_at, $zone)) AS decided_date
    FROM lines
    WHERE state = 'declined'
    GROUP BY order_id
),
offers AS (
    SELECT t.customer_id, MAX(day_in_zone(t.at, $zone)) AS offered_date
    FROM contacts AS t
    WHERE t.direction = 'out' AND t.purpose = 'offer'
    GROUP BY t.customer_id
),
declined AS (
    SELECT
        r.day,
        r.customer_id,
        r.asset_id,
        r.order_id,
        r.accepted_date,
        coalesce(f.decided_date, r.done_date) AS seen_date,
        coalesce(f.amount, r.agreed) AS value,
        c.last_date
    FROM risk_orders AS r
    JOIN risk_clients AS c ON c.day = r.day AND c.customer_id = r.customer_id
    LEFT JOIN refused AS f ON f.order_id = r.order_id
    WHERE (f.order_id IS NOT NULL OR r.outcome = 'declined') AND r.done_date IS NOT NULL
)
SELECT
    day, customer_id, 'promise_at_risk' AS point, asset_id, order_id, promised_date AS seen_date,
    date_diff('day', promised_date, day) AS value, CAST(NULL AS DATE) AS expires_date
FROM promised
WHERE date_diff('day', promised_date, day) BETWEEN -$risk_promise_days AND 90
UNION ALL
SELECT
    c.day, c.customer_id, 'complaint_open' AS point, NULL AS asset_id, k.order_id, k.opened_date AS seen_date,
    date_diff('day', k.opened_date, c.day) AS value, CAST(NULL AS DATE) AS expires_date
FROM risk_clients AS c
JOIN complaints AS k ON k.customer_id = c.customer_id
WHERE k.opened_date <= c.day AND (k.resolved_date IS NULL OR k.resolved_date > c.day)
  AND date_diff('day', k.opened_date, c.day) < 365
UNION ALL
SELECT
    d.day, d.customer_id, 'declined_not_offered' AS point, d.asset_id, d.order_id, d.seen_date, d.value,
    CAST(d.accepted_date + INTERVAL 365 DAY AS DATE) AS expires_date
FROM declined AS d
LEFT JOIN offers AS o ON o.customer_id = d.customer_id AND o.offered_date > d.seen_date AND o.offered_date <= d.day
WHERE d.last_date <= d.accepted_date AND d.seen_date <= d.day AND o.customer_id IS NULL
