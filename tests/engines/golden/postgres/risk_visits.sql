WITH by_day AS (
  SELECT
    customer_id,
    accepted_date AS visit_date,
    COUNT(*) AS n_orders,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    MIN(centre) AS centre_low,
    MAX(centre) AS centre_high,
    MAX(CASE WHEN rework_of IS NULL THEN 1 ELSE 0 END) AS is_return
  FROM orders
  WHERE
    NOT customer_id IS NULL
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
    AND (
      revenue IS NULL OR revenue >= 0
    )
    AND accepted_date <= CAST('2026-06-30' AS DATE)
  GROUP BY
    customer_id,
    accepted_date
)
SELECT
  customer_id,
  visit_date,
  n_orders,
  revenue,
  centre_low,
  centre_high,
  MIN(CASE WHEN is_return = 1 THEN visit_date END) OVER (
    PARTITION BY customer_id
    ORDER BY visit_date
    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
  ) AS next_return
FROM by_day
