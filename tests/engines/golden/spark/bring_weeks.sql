SELECT
  d.day,
  b.customer_id,
  CAST(BROUND(
    CAST(FLOOR(CAST(DATEDIFF(b.accepted_date, CAST('1970-01-05' AS DATE)) AS DOUBLE) / 7.0) AS DOUBLE)
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
  CAST(BROUND(
    CAST(FLOOR(CAST(DATEDIFF(b.accepted_date, CAST('1970-01-05' AS DATE)) AS DOUBLE) / 7.0) AS DOUBLE)
  ) AS BIGINT)
