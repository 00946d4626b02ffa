SELECT
  d.day AS day,
  b.customer_id AS customer_id,
  CAST(round(
    FLOOR(
      CAST(dateDiff('day', CAST('1970-01-05' AS Nullable(Date32)), b.accepted_date) AS Nullable(Float64)) / 7.0
    )
  ) AS Nullable(Int64)) AS week_number,
  CAST(COUNT(DISTINCT b.asset_id) AS Nullable(Int64)) + CAST(SUM(CASE WHEN b.asset_id IS NULL THEN 1 ELSE 0 END) AS Nullable(Int64)) AS brought
FROM billed AS b
JOIN day_customers AS d
  ON d.customer_id = b.customer_id AND b.accepted_date <= d.day
WHERE
  b.counted = 1 AND d.n_orders >= 24
GROUP BY
  d.day,
  b.customer_id,
  CAST(round(
    FLOOR(
      CAST(dateDiff('day', CAST('1970-01-05' AS Nullable(Date32)), b.accepted_date) AS Nullable(Float64)) / 7.0
    )
  ) AS Nullable(Int64))
