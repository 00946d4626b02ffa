-- day_customers: what was known of each client at the end of each day asked about.
-- Needs: client_days, days (day: the study's day, the day compared with, quarter ends).
-- Gives: day, customer_id, first_date, last_date, n_visits, n_orders, visits_365, orders_91,
--        own_quantile (0.9 quantile of his gaps; null without a gap).
-- Keep.
SELECT
    d.day,
    c.customer_id,
    MIN(c.visit_date) AS first_date,
    MAX(c.visit_date) AS last_date,
    CAST(SUM(c.n_visits) AS BIGINT) AS n_visits,
    CAST(SUM(c.n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(CASE WHEN date_diff('day', c.visit_date, d.day) < 365 THEN c.n_visits ELSE 0 END) AS BIGINT) AS visits_365,
    CAST(SUM(CASE WHEN date_diff('day', c.visit_date, d.day) < $regular_days THEN c.n_orders ELSE 0 END) AS BIGINT) AS orders_91,
    quantile_cont(c.gap_days, 0.9) AS own_quantile
FROM client_days AS c
JOIN days AS d ON c.visit_date <= d.day
GROUP BY d.day, c.customer_id
