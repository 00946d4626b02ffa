SELECT
  customer_id,
  DATEDIFF(CAST('2026-06-30' AS DATE), MAX(CASE WHEN counted = 1 THEN accepted_date END)) AS recency_days,
  COUNT(CASE WHEN counted = 1 THEN 1 END) AS frequency,
  CASE
    WHEN 'revenue' = 'average'
    THEN CAST(BROUND(
      CAST(CAST(SUM(worth) AS BIGINT) AS DOUBLE) / CAST(GREATEST(1, COUNT(CASE WHEN counted = 1 THEN 1 END)) AS DOUBLE)
    ) AS BIGINT)
    ELSE CAST(SUM(worth) AS BIGINT)
  END AS money
FROM billed
WHERE
  accepted_date > CAST('0001-01-01' AS DATE)
  AND accepted_date <= CAST('2026-06-30' AS DATE)
GROUP BY
  customer_id
HAVING
  COUNT(CASE WHEN counted = 1 THEN 1 END) > 0
