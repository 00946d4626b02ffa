WITH windows AS (
  SELECT
    day,
    customer_id,
    CAST(SUM(brought) OVER (
      PARTITION BY day, customer_id
      ORDER BY week_number NULLS LAST
      RANGE BETWEEN 7 PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS brought,
    CAST(COUNT(*) OVER (
      PARTITION BY day, customer_id
      ORDER BY week_number NULLS LAST
      RANGE BETWEEN 7 PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS n_weeks
  FROM bring_weeks
)
SELECT
  day,
  customer_id,
  MAX(brought) AS brought
FROM windows
WHERE
  n_weeks >= 4
GROUP BY
  day,
  customer_id
