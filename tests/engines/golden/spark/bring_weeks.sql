SELECT
  d.day,
  b.customer_id,
  CAST(TRUNC(b.accepted_date, 'week') AS DATE) AS week_start,
  COUNT(DISTINCT b.asset_id) + CAST(SUM(CASE WHEN b.asset_id IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS brought
FROM billed AS b
JOIN day_customers AS d
  ON d.customer_id = b.customer_id AND b.accepted_date <= d.day
WHERE
  b.counted = 1 AND d.n_orders >= 24
GROUP BY
  d.day,
  b.customer_id,
  CAST(TRUNC(b.accepted_date, 'week') AS DATE)
