-- label_returns: one row an order after which its client was observed long enough to have come again.
-- Needs: billed, client_days, classes.
-- Gives: order_id, returned (1 = his next day came within the horizon), horizon_days (0.75 quantile of the gaps of his
--        class and category, of the base where those are under 20).
WITH gaps AS (
    SELECT k.class, k.category, c.gap_days
    FROM client_days AS c
    JOIN classes AS k ON k.customer_id = c.customer_id
    WHERE k.day = $asof AND c.gap_days IS NOT NULL
),
horizons AS (
    SELECT class, category, COUNT(*) AS n_gaps, quantile_cont(gap_days, 0.75) AS horizon_days
    FROM gaps
    GROUP BY class, category
    UNION ALL
    SELECT '*' AS class, '*' AS category, COUNT(*) AS n_gaps, quantile_cont(gap_days, 0.75) AS horizon_days
    FROM gaps
),
clients AS (
    SELECT k.customer_id, CASE WHEN g.n_gaps >= 20 THEN g.horizon_days ELSE b.horizon_days END AS horizon_days
    FROM classes AS k
    JOIN horizons AS b ON b.class = '*' AND b.category = '*' AND b.n_gaps >= 20
    LEFT JOIN horizons AS g ON g.class = k.class AND g.category = k.category
    WHERE k.day = $asof
),
following AS (
    SELECT
        customer_id,
        visit_date,
        date_diff(
            'day', visit_date, LAG(visit_date) OVER (PARTITION BY customer_id ORDER BY visit_date DESC)
        ) AS next_days
    FROM client_days
)
SELECT
    b.order_id,
    CASE WHEN f.next_days <= c.horizon_days THEN 1 ELSE 0 END AS returned,
    c.horizon_days
FROM billed AS b
JOIN clients AS c ON c.customer_id = b.customer_id
JOIN following AS f ON f.customer_id = b.customer_id AND f.visit_date = b.accepted_date
WHERE b.counted = 1 AND date_diff('day', b.accepted_date, $asof) >= c.horizon_days
