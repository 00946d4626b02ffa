SELECT
  customer_id,
  CAST(SUM(counted) AS BIGINT) AS n_orders,
  CAST(SUM(1 - counted) AS BIGINT) AS n_returns,
  CAST(SUM(revenue) AS BIGINT) AS revenue,
  CASE WHEN COUNT(margin) = COUNT(*) THEN CAST(SUM(margin) AS BIGINT) END AS margin,
  MIN(CASE WHEN counted = 1 THEN accepted_date END) AS first_date,
  MAX(CASE WHEN counted = 1 THEN accepted_date END) AS last_date
FROM billed
GROUP BY
  customer_id
