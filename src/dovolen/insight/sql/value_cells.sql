-- value_cells: profit by one thing at a time; the cells of every dimension add up to the same sums.
-- Needs: value_cube.
-- Gives: dimension (repair, class, customer_kind, category, technician, campaign), value (null = not known), n_orders,
--        n_without_costs, revenue, revenue_known, margin (the last two of orders whose costs are known).
WITH dimensions AS (
    SELECT 'repair' AS dimension
    UNION ALL
    SELECT 'class' AS dimension
    UNION ALL
    SELECT 'customer_kind' AS dimension
    UNION ALL
    SELECT 'category' AS dimension
    UNION ALL
    SELECT 'technician' AS dimension
    UNION ALL
    SELECT 'campaign' AS dimension
),
seen AS (
    SELECT
        d.dimension,
        CASE d.dimension
            WHEN 'repair' THEN c.repair
            WHEN 'class' THEN c.class
            WHEN 'customer_kind' THEN c.customer_kind
            WHEN 'category' THEN c.category
            WHEN 'technician' THEN c.technician
            ELSE c.campaign
        END AS value,
        c.n_orders,
        c.n_without_costs,
        c.revenue,
        c.revenue_known,
        c.margin
    FROM value_cube AS c
    CROSS JOIN dimensions AS d
)
SELECT
    dimension,
    value,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(n_without_costs) AS BIGINT) AS n_without_costs,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    CAST(SUM(revenue_known) AS BIGINT) AS revenue_known,
    CAST(SUM(margin) AS BIGINT) AS margin
FROM seen
GROUP BY dimension, value
