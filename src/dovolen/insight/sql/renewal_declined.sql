-- renewal_declined: clients who declined work in the last $renewal_days and have not come since.
-- Needs: orders, lines, client_days.
-- Gives: customer_id, declined_date (the latest such order), request (its dearest declined work; the fault where the whole
--        repair was declined), amount (minor units of declined work in it; null where no price is known).
WITH refused AS (
    SELECT
        o.customer_id,
        o.order_id,
        o.accepted_date,
        o.fault_text,
        o.outcome,
        l.name,
        CASE WHEN l.state = 'declined' THEN CAST(floor(l.price * coalesce(l.quantity, 1) + 0.5) AS BIGINT) END AS amount
    FROM orders AS o
    LEFT JOIN lines AS l ON l.order_id = o.order_id AND l.state = 'declined'
    WHERE o.customer_id IS NOT NULL
      AND (o.outcome = 'declined' OR l.state = 'declined')
      AND o.accepted_date <= $asof
      AND date_diff('day', o.accepted_date, $asof) < $renewal_days
),
since AS (
    SELECT customer_id, MAX(visit_date) AS last_date FROM client_days GROUP BY customer_id
),
placed AS (
    SELECT
        r.customer_id,
        r.order_id,
        r.accepted_date,
        coalesce(r.name, r.fault_text) AS request,
        SUM(r.amount) OVER (PARTITION BY r.order_id) AS amount,
        ROW_NUMBER() OVER (
            PARTITION BY r.customer_id
            ORDER BY r.accepted_date DESC, r.amount DESC NULLS LAST, r.order_id DESC, r.name NULLS LAST
        ) AS place
    FROM refused AS r
    LEFT JOIN since AS s ON s.customer_id = r.customer_id
    WHERE s.last_date IS NULL OR s.last_date <= r.accepted_date
)
SELECT customer_id, accepted_date AS declined_date, request, CAST(amount AS BIGINT) AS amount
FROM placed
WHERE place = 1
