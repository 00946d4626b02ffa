SELECT
  customer_id,
  dateDiff(
    'day',
    MAX(CASE WHEN counted = 1 THEN accepted_date END),
    CAST('2026-06-30' AS Nullable(Date32))
  ) AS recency_days,
  CAST(COUNT(CASE WHEN counted = 1 THEN 1 END) AS Nullable(Int64)) AS frequency,
  CASE
    WHEN 'revenue' = 'average'
    THEN CAST(round(
      CAST(CAST(SUM(worth) AS Nullable(Int64)) AS Nullable(Float64)) / CAST(GREATEST(1, CAST(COUNT(CASE WHEN counted = 1 THEN 1 END) AS Nullable(Int64))) AS Nullable(Float64))
    ) AS Nullable(Int64))
    ELSE CAST(SUM(worth) AS Nullable(Int64))
  END AS money
FROM billed
WHERE
  accepted_date > CAST('0001-01-01' AS Nullable(Date32))
  AND accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
GROUP BY
  customer_id
HAVING
  CAST(COUNT(CASE WHEN counted = 1 THEN 1 END) AS Nullable(Int64)) > 0
