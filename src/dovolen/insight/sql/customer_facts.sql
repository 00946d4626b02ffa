-- customer_facts: one row a client of the base, served or not.
-- Needs: customers, customer_orders, customer_visits, classes, states, runs, rfm.
-- Gives: customer_id, name, kind, class, class_reasons, n_orders, n_visits, n_days, n_assets, first_at, last_at,
--        recency_days, revenue, margin, grades and segments, lifecycle, lifecycle_since_days (days ago), is_fleet and dimensions.
-- Keep.
WITH everyone AS (
    SELECT customer_id FROM customers
    UNION
    SELECT customer_id FROM customer_orders
)
SELECT
    e.customer_id,
    c.name,
    c.kind,
    c.source,
    c.manager,
    c.image_value,
    c.potential,
    CASE WHEN c.regular_mark THEN 1 ELSE 0 END AS regular_mark,
    coalesce(k.class, c.class_hand) AS class,
    k.class_reasons,
    coalesce(o.n_orders, 0) AS n_orders,
    coalesce(v.n_visits, 0) AS n_visits,
    coalesce(v.n_days, 0) AS n_days,
    coalesce(k.n_assets, 0) AS n_assets,
    k.brought_window,
    k.n_pickups,
    k.pickup_seconds,
    k.category,
    o.first_date AS first_at,
    o.last_date AS last_at,
    date_diff('day', o.last_date, $asof) AS recency_days,
    o.revenue,
    o.margin,
    CASE WHEN o.n_orders > 0 THEN o.revenue / CAST(o.n_orders AS DOUBLE) END AS avg_order,
    coalesce(v.visits_365, 0) AS visits_365,
    coalesce(v.orders_365, 0) AS orders_365,
    v.revenue_365,
    r.rfm_r,
    r.rfm_f,
    r.rfm_m,
    r.rfm_segment,
    r.reading,
    r.rfm27,
    r.group27,
    s.state AS lifecycle,
    coalesce(s.since_days, u.run_days) AS lifecycle_since_days,
    s.limit_days,
    s.limit_from,
    CASE
        WHEN c.kind = 'company' AND (k.n_assets >= $fleet_assets OR v.orders_365 >= $fleet_orders) THEN 1
        ELSE 0
    END AS is_fleet
FROM everyone AS e
LEFT JOIN customers AS c ON c.customer_id = e.customer_id
LEFT JOIN customer_orders AS o ON o.customer_id = e.customer_id
LEFT JOIN customer_visits AS v ON v.customer_id = e.customer_id
LEFT JOIN classes AS k ON k.customer_id = e.customer_id AND k.day = $asof
LEFT JOIN states AS s ON s.customer_id = e.customer_id AND s.day = $asof
LEFT JOIN runs AS u ON u.customer_id = e.customer_id
LEFT JOIN rfm AS r ON r.customer_id = e.customer_id
