-- value_cells: profit by one thing at a time; the cells of every dimension add up to the same sums.
-- Needs: value_cube.
-- Gives: dimension (repair, class, customer_kind, category, technician, campaign), value (null = not known), n_orders,
--        n_without_costs, revenue, revenue_known, margin (the last two of orders whose costs are known).
SELECT
    'repair' AS dimension,
    repair AS value,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(n_without_costs) AS BIGINT) AS n_without_costs,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    CAST(SUM(revenue_known) AS BIGINT) AS revenue_known,
    CAST(SUM(margin) AS BIGINT) AS margin
FROM value_cube
GROUP BY repair
UNION ALL
SELECT
    'class' AS dimension,
    class AS value,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(n_without_costs) AS BIGINT) AS n_without_costs,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    CAST(SUM(revenue_known) AS BIGINT) AS revenue_known,
    CAST(SUM(margin) AS BIGINT) AS margin
FROM value_cube
GROUP BY class
UNION ALL
SELECT
    'customer_kind' AS dimension,
    customer_kind AS value,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(n_without_costs) AS BIGINT) AS n_without_costs,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    CAST(SUM(revenue_known) AS BIGINT) AS revenue_known,
    CAST(SUM(margin) AS BIGINT) AS margin
FROM value_cube
GROUP BY customer_kind
UNION ALL
SELECT
    'category' AS dimension,
    category AS value,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(n_without_costs) AS BIGINT) AS n_without_costs,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    CAST(SUM(revenue_known) AS BIGINT) AS revenue_known,
    CAST(SUM(margin) AS BIGINT) AS margin
FROM value_cube
GROUP BY category
UNION ALL
SELECT
    'technician' AS dimension,
    technician AS value,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(n_without_costs) AS BIGINT) AS n_without_costs,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    CAST(SUM(revenue_known) AS BIGINT) AS revenue_known,
    CAST(SUM(margin) AS BIGINT) AS margin
FROM value_cube
GROUP BY technician
UNION ALL
SELECT
    'campaign' AS dimension,
    campaign AS value,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(n_without_costs) AS BIGINT) AS n_without_costs,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    CAST(SUM(revenue_known) AS BIGINT) AS revenue_known,
    CAST(SUM(margin) AS BIGINT) AS margin
FROM value_cube
GROUP BY campaign
