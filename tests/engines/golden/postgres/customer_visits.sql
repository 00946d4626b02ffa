WITH counts AS (
  SELECT
    customer_id,
    CAST(SUM(n_visits) AS BIGINT) AS n_visits,
    COUNT(*) AS n_days,
    CAST(SUM(
      CASE
        WHEN (
          CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(visit_date AS DATE)
        ) < 365
        THEN n_visits
        ELSE 0
      END
    ) AS BIGINT) AS visits_365,
    CAST(SUM(
      CASE
        WHEN (
          CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(visit_date AS DATE)
        ) < 365
        THEN n_orders
        ELSE 0
      END
    ) AS BIGINT) AS orders_365,
    CAST(SUM(
      CASE
        WHEN (
          CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(visit_date AS DATE)
        ) < 365
        THEN revenue
        ELSE 0
      END
    ) AS BIGINT) AS revenue_365
  FROM client_days
  GROUP BY
    customer_id
)
SELECT
  customer_id,
  n_visits,
  n_days,
  visits_365,
  orders_365,
  revenue_365,
  CASE
    WHEN visits_365 >= 18
    THEN '18_up'
    WHEN visits_365 >= 6
    THEN '6_17'
    WHEN visits_365 >= 2
    THEN '2_5'
    WHEN visits_365 >= 1
    THEN '1'
  END AS band
FROM counts
