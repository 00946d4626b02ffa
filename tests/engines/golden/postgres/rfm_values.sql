SELECT
  customer_id,
  (
    CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(MAX(CASE WHEN counted = 1 THEN accepted_date END) AS DATE)
  ) AS recency_days,
  CAST(SUM(counted) AS BIGINT) AS frequency,
  CASE
    WHEN 'revenue' = 'average'
    THEN CAST(CAST(CAST(SUM(worth) AS BIGINT) AS DOUBLE PRECISION) / CAST(CAST(SUM(counted) AS BIGINT) AS DOUBLE PRECISION) AS BIGINT)
    ELSE CAST(SUM(worth) AS BIGINT)
  END AS money
FROM billed
WHERE
  accepted_date > CAST('0001-01-01' AS DATE)
  AND accepted_date <= CAST('2026-06-30' AS DATE)
GROUP BY
  customer_id
HAVING
  CAST(SUM(counted) AS BIGINT) > 0
