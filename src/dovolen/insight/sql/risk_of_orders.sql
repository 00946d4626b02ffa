-- risk_of_orders: signs that a client may leave, seen in his orders.
-- Needs: risk_orders, risk_clients, risk_dear, order_scores (order_id, scored_date, satisfaction, low_confidence).
-- Gives: day, customer_id, point, asset_id, order_id, seen_date (day of the evidence), value (the number behind it),
--        expires_date (day from which it no longer stands; null = until it changes).
-- A score may be set anew for 90 days by what comes later, so that on earlier days only settled ones were known.
-- Keep.
WITH done AS (
    SELECT
        r.day,
        r.customer_id,
        r.order_id,
        r.asset_id,
        r.category,
        r.accepted_date,
        r.done_date,
        r.revenue,
        r.kind,
        r.pay_type,
        r.is_rework,
        r.late_hours,
        r.over_amount,
        r.agreed,
        r.warranty_until
    FROM risk_orders AS r
    JOIN risk_clients AS c ON c.day = r.day AND c.customer_id = r.customer_id
    WHERE r.done_date IS NOT NULL
),
last_done AS (
    SELECT day, customer_id, MAX(done_date) AS done_date
    FROM done
    GROUP BY day, customer_id
),
latest AS (
    SELECT
        d.day,
        d.customer_id,
        d.order_id,
        d.asset_id,
        d.category,
        d.accepted_date,
        d.done_date,
        d.revenue,
        d.kind,
        d.pay_type,
        d.is_rework,
        d.late_hours,
        d.over_amount,
        d.agreed,
        d.warranty_until
    FROM done AS d
    JOIN last_done AS l ON l.day = d.day AND l.customer_id = d.customer_id AND l.done_date = d.done_date
),
scored AS (
    SELECT d.day, d.customer_id, d.asset_id, d.order_id, s.scored_date, s.satisfaction
    FROM done AS d
    JOIN order_scores AS s ON s.order_id = d.order_id
    WHERE s.satisfaction IS NOT NULL AND s.low_confidence = 0 AND s.scored_date <= d.day
      AND (d.day = $asof OR date_diff('day', s.scored_date, d.day) >= $risk_score_settles)
),
last_scored AS (
    SELECT day, customer_id, MAX(scored_date) AS scored_date
    FROM scored
    GROUP BY day, customer_id
),
under_warranty AS (
    SELECT
        day,
        customer_id,
        asset_id,
        order_id,
        accepted_date,
        ROW_NUMBER() OVER (PARTITION BY day, customer_id ORDER BY accepted_date DESC, order_id DESC) AS place,
        COUNT(*) OVER (PARTITION BY day, customer_id) AS n_orders
    FROM done
    WHERE pay_type = 'warranty'
),
often AS (
    SELECT
        day,
        customer_id,
        MAX(CASE WHEN place = 1 THEN asset_id END) AS asset_id,
        MAX(CASE WHEN place = 1 THEN order_id END) AS order_id,
        MAX(accepted_date) AS seen_date,
        MAX(n_orders) AS value,
        MAX(CASE WHEN place = $risk_warranty_orders THEN accepted_date END) AS earliest
    FROM under_warranty
    WHERE n_orders >= $risk_warranty_orders
    GROUP BY day, customer_id
)
SELECT
    day, customer_id, 'repeat_repair' AS point, asset_id, order_id, accepted_date AS seen_date,
    date_diff('day', accepted_date, day) AS value,
    CAST(accepted_date + INTERVAL $risk_repeat_days DAY AS DATE) AS expires_date
FROM done
WHERE is_rework = 1 AND date_diff('day', accepted_date, day) < $risk_repeat_days
UNION ALL
SELECT
    s.day, s.customer_id, 'low_satisfaction' AS point, s.asset_id, s.order_id, s.scored_date AS seen_date,
    CAST(s.satisfaction AS BIGINT) AS value, CAST(s.scored_date + INTERVAL 365 DAY AS DATE) AS expires_date
FROM scored AS s
JOIN last_scored AS l ON l.day = s.day AND l.customer_id = s.customer_id AND l.scored_date = s.scored_date
WHERE s.satisfaction <= $risk_low_score
UNION ALL
SELECT
    day, customer_id, 'late_last_order' AS point, asset_id, order_id, done_date AS seen_date, late_hours AS value,
    CAST(done_date + INTERVAL 365 DAY AS DATE) AS expires_date
FROM latest
WHERE late_hours IS NOT NULL
UNION ALL
SELECT
    day, customer_id, 'over_estimate' AS point, asset_id, order_id, done_date AS seen_date, over_amount AS value,
    CAST(done_date + INTERVAL 365 DAY AS DATE) AS expires_date
FROM latest
WHERE over_amount > $risk_over * agreed AND agreed > 0
UNION ALL
SELECT
    day, customer_id, 'frequent_warranty' AS point, asset_id, order_id, seen_date, value,
    CAST(earliest + INTERVAL 365 DAY AS DATE) AS expires_date
FROM often
UNION ALL
SELECT
    d.day, d.customer_id, 'expensive_body' AS point, d.asset_id, d.order_id, d.done_date AS seen_date, d.revenue AS value,
    CAST(d.accepted_date + INTERVAL 365 DAY AS DATE) AS expires_date
FROM done AS d
JOIN risk_dear AS t ON t.day = d.day AND t.category = d.category
WHERE d.kind = 'body' AND d.revenue > t.dear + 0.01
UNION ALL
SELECT
    d.day, d.customer_id, 'expensive_after_warranty' AS point, d.asset_id, d.order_id, d.done_date AS seen_date,
    d.revenue AS value, CAST(d.accepted_date + INTERVAL 365 DAY AS DATE) AS expires_date
FROM done AS d
JOIN risk_dear AS t ON t.day = d.day AND t.category = d.category
WHERE d.revenue > t.dear + 0.01 AND d.accepted_date > d.warranty_until
  AND (d.pay_type IS NULL OR d.pay_type = 'customer_pay')
