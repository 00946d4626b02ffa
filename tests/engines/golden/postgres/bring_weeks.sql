SELECT
  d.day,
  b.customer_id,
  CAST(FLOOR(
    CAST((
      CAST(b.accepted_date AS DATE) - CAST(CAST('1970-01-05' AS DATE) AS DATE)
    ) AS DOUBLE PRECISION) / 7.0
  ) AS BIGINT) AS week_number,
  COUNT(DISTINCT b.asset_id) + CAST(SUM(CASE WHEN b.asset_id IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS brought
FROM billed AS b
JOIN day_customers AS d
  ON d.customer_id = b.customer_id AND b.accepted_date <= d.day
WHERE
  b.counted = 1 AND d.n_orders >= 24
GROUP BY
  d.day,
  b.customer_id,
  CAST(FLOOR(
    CAST((
      CAST(b.accepted_date AS DATE) - CAST(CAST('1970-01-05' AS DATE) AS DATE)
    ) AS DOUBLE PRECISION) / 7.0
  ) AS BIGINT)
