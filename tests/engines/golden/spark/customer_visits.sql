SELECT
  customer_id,
  CAST(SUM(n_visits) AS BIGINT) AS n_visits,
  COUNT(*) AS n_days,
  CAST(SUM(
    CASE
      WHEN DATEDIFF(CAST('2026-06-30' AS DATE), visit_date) < 365
      THEN n_visits
      ELSE 0
    END
  ) AS BIGINT) AS visits_365,
  CAST(SUM(
    CASE
      WHEN DATEDIFF(CAST('2026-06-30' AS DATE), visit_date) < 365
      THEN n_orders
      ELSE 0
    END
  ) AS BIGINT) AS orders_365,
  CAST(SUM(
    CASE
      WHEN DATEDIFF(CAST('2026-06-30' AS DATE), visit_date) < 365
      THEN revenue
      ELSE 0
    END
  ) AS BIGINT) AS revenue_365
FROM client_days
GROUP BY
  customer_id
