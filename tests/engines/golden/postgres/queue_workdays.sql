SELECT
  COUNT(DISTINCT ready_date) AS n_days
FROM orders
WHERE
  ready_date <= CAST('2026-06-30' AS DATE)
  AND (
    CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(ready_date AS DATE)
  ) < 90
