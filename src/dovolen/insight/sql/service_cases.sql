-- service_cases: one row an order that the client complained of or disputed.
-- Needs: service_orders, cases, events.
-- Gives: order_id, complaints, complaint_date (the first), opened and resolved (seconds, the first opened and the last
--        resolved; resolved is null while one is open), disputes.
-- What names no order is about the client's latest order accepted at most $complaint_days before it.
WITH told AS (
    SELECT
        order_id,
        customer_id,
        opened_at AS moment,
        CASE WHEN epoch(resolved_at) < $asof_until THEN epoch(resolved_at) END AS resolved,
        0 AS dispute
    FROM cases
    WHERE kind IN ('complaint', 'claim')
      AND epoch(opened_at) < $asof_until
),
guessed AS (
    SELECT
        o.order_id,
        t.moment,
        t.resolved,
        t.dispute,
        ROW_NUMBER() OVER (
            PARTITION BY t.customer_id, t.moment, t.resolved, t.dispute ORDER BY o.accepted DESC, o.order_id DESC
        ) AS place
    FROM (
        SELECT customer_id, moment, resolved, dispute
        FROM told
        WHERE order_id IS NULL
        UNION ALL
        SELECT e.customer_id, e.at AS moment, CAST(NULL AS DOUBLE) AS resolved, 1 AS dispute
        FROM events AS e
        WHERE e.kind = 'dispute'
          AND epoch(e.at) < $asof_until
    ) AS t
    JOIN service_orders AS o ON o.customer_id = t.customer_id
    WHERE o.accepted <= epoch(t.moment)
      AND o.accepted >= epoch(t.moment) - $complaint_days * 86400
),
placed AS (
    SELECT order_id, moment, resolved, dispute
    FROM told
    WHERE order_id IS NOT NULL
    UNION ALL
    SELECT order_id, moment, resolved, dispute
    FROM guessed
    WHERE place = 1
),
counted AS (
    SELECT
        order_id,
        SUM(1 - dispute) AS complaints,
        MIN(CASE WHEN dispute = 0 THEN moment END) AS opened_at,
        CASE WHEN COUNT(resolved) = SUM(1 - dispute) THEN MAX(resolved) END AS resolved,
        SUM(dispute) AS disputes
    FROM placed
    GROUP BY order_id
)
SELECT
    order_id,
    complaints,
    day_in_zone(opened_at, $zone) AS complaint_date,
    epoch(opened_at) AS opened,
    resolved,
    disputes
FROM counted
