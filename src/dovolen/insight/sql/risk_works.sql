-- risk_works: which kinds of work each client had in the 365 days to each day asked about.
-- Needs: risk_orders, risk_known, lines.
-- Gives: day, customer_id, work (the group of the line; the kind of the order where no line has one).
SELECT DISTINCT
    r.day,
    r.customer_id,
    coalesce(l.work_group, CASE WHEN g.n_groups = 0 THEN r.kind END) AS work
FROM risk_orders AS r
CROSS JOIN risk_known AS g
LEFT JOIN lines AS l ON l.order_id = r.order_id
WHERE coalesce(l.work_group, CASE WHEN g.n_groups = 0 THEN r.kind END) IS NOT NULL
