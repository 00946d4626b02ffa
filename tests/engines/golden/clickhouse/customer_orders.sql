SELECT
  customer_id,
  CAST(SUM(counted) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(1 - counted) AS Nullable(Int64)) AS n_returns,
  CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
  CASE
    WHEN CAST(COUNT(margin) AS Nullable(Int64)) = CAST(COUNT(*) AS Nullable(Int64))
    THEN CAST(SUM(margin) AS Nullable(Int64))
  END AS margin,
  MIN(CASE WHEN counted = 1 THEN accepted_date END) AS first_date,
  MAX(CASE WHEN counted = 1 THEN accepted_date END) AS last_date
FROM billed
GROUP BY
  customer_id
