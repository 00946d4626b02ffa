-- day_categories: the category of what a client brought last, as known on each day.
-- Needs: day_customers, client_days, orders, assets.
-- Gives: day, customer_id, category ('unknown' where no asset is known).
-- Keep.
WITH known AS (
    SELECT o.order_id, a.category
    FROM orders AS o
    JOIN assets AS a ON a.asset_id = o.asset_id
    WHERE o.asset_id IS NOT NULL
)
SELECT
    d.day,
    d.customer_id,
    coalesce(MAX(a.category), 'unknown') AS category
FROM day_customers AS d
JOIN client_days AS c ON c.customer_id = d.customer_id AND c.visit_date = d.last_date
LEFT JOIN known AS a ON a.order_id = c.last_order_id
GROUP BY d.day, d.customer_id
