WITH earliest AS (
  SELECT
    grain,
    customer_id,
    MIN(period) AS cohort
  FROM client_periods
  GROUP BY
    grain,
    customer_id
)
SELECT
  p.grain,
  e.cohort,
  p.period - e.cohort AS age,
  COUNT(*) AS active
FROM client_periods AS p
JOIN earliest AS e
  ON e.grain = p.grain AND e.customer_id = p.customer_id
GROUP BY
  p.grain,
  e.cohort,
  p.period - e.cohort
