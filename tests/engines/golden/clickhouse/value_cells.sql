SELECT
  'repair' AS dimension,
  repair AS value,
  CAST(SUM(n_orders) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(n_without_costs) AS Nullable(Int64)) AS n_without_costs,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CAST(SUM(revenue_known) AS Nullable(Int64)) AS revenue_known,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin
FROM value_cube
GROUP BY
  repair
UNION ALL
SELECT
  'class' AS dimension,
  class AS value,
  CAST(SUM(n_orders) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(n_without_costs) AS Nullable(Int64)) AS n_without_costs,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CAST(SUM(revenue_known) AS Nullable(Int64)) AS revenue_known,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin
FROM value_cube
GROUP BY
  class
UNION ALL
SELECT
  'customer_kind' AS dimension,
  customer_kind AS value,
  CAST(SUM(n_orders) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(n_without_costs) AS Nullable(Int64)) AS n_without_costs,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CAST(SUM(revenue_known) AS Nullable(Int64)) AS revenue_known,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin
FROM value_cube
GROUP BY
  customer_kind
UNION ALL
SELECT
  'category' AS dimension,
  category AS value,
  CAST(SUM(n_orders) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(n_without_costs) AS Nullable(Int64)) AS n_without_costs,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CAST(SUM(revenue_known) AS Nullable(Int64)) AS revenue_known,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin
FROM value_cube
GROUP BY
  category
UNION ALL
SELECT
  'technician' AS dimension,
  technician AS value,
  CAST(SUM(n_orders) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(n_without_costs) AS Nullable(Int64)) AS n_without_costs,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CAST(SUM(revenue_known) AS Nullable(Int64)) AS revenue_known,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin
FROM value_cube
GROUP BY
  technician
UNION ALL
SELECT
  'campaign' AS dimension,
  campaign AS value,
  CAST(SUM(n_orders) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(n_without_costs) AS Nullable(Int64)) AS n_without_costs,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CAST(SUM(revenue_known) AS Nullable(Int64)) AS revenue_known,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin
FROM value_cube
GROUP BY
  campaign
