SELECT
  COUNT(DISTINCT ready_date) AS n_days
FROM orders
WHERE
  ready_date <= CAST('2026-06-30' AS DATE)
  AND DATEDIFF(CAST('2026-06-30' AS DATE), ready_date) < 90
