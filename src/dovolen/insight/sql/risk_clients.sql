-- risk_clients: who can be lost on each day asked about: clients who came in the 365 days to it and are not blocked.
-- Needs: risk_visits, risk_days (day), customers.
-- Gives: day, customer_id, first_date, last_date, n_days, n_orders (counted, to the day), days_91, days_365,
--        revenue_365, several_centres, is_company (0/1), return_days (from the day to his next coming of himself; null
--        if he has not come again by the study's day).
-- Keep.
SELECT
    d.day,
    v.customer_id,
    MIN(v.visit_date) AS first_date,
    MAX(v.visit_date) AS last_date,
    COUNT(*) AS n_days,
    CAST(SUM(v.n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(CASE WHEN date_diff('day', v.visit_date, d.day) < 91 THEN 1 ELSE 0 END) AS BIGINT) AS days_91,
    CAST(SUM(CASE WHEN date_diff('day', v.visit_date, d.day) < 365 THEN 1 ELSE 0 END) AS BIGINT) AS days_365,
    CAST(SUM(CASE WHEN date_diff('day', v.visit_date, d.day) < 365 THEN v.revenue END) AS BIGINT) AS revenue_365,
    CASE WHEN MIN(v.centre_low) <> MAX(v.centre_high) THEN 1 ELSE 0 END AS several_centres,
    MAX(CASE WHEN c.kind = 'company' THEN 1 ELSE 0 END) AS is_company,
    -- The next coming only moves on from one day to the next, so the latest of them is that of his last day.
    CASE WHEN MAX(v.next_return) > d.day THEN date_diff('day', d.day, MAX(v.next_return)) END AS return_days
FROM risk_visits AS v
JOIN risk_days AS d ON v.visit_date <= d.day
LEFT JOIN customers AS c ON c.customer_id = v.customer_id
WHERE c.blocked_date IS NULL OR c.blocked_date > d.day
GROUP BY d.day, v.customer_id
HAVING date_diff('day', MAX(v.visit_date), d.day) < 365
