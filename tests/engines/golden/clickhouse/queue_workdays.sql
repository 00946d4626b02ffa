SELECT
  CAST(COUNT(DISTINCT ready_date) AS Nullable(Int64)) AS n_days
FROM orders
WHERE
  ready_date <= CAST('2026-06-30' AS Nullable(Date32))
  AND dateDiff('day', ready_date, CAST('2026-06-30' AS Nullable(Date32))) < 90
