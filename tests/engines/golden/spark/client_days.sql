WITH by_day AS (
  SELECT
    customer_id,
    visit_date,
    COUNT(*) AS n_visits,
    CAST(SUM(n_orders) AS BIGINT) AS n_orders,
    CAST(SUM(revenue) AS BIGINT) AS revenue,
    MAX(last_order_id) AS last_order_id
  FROM visits
  GROUP BY
    customer_id,
    visit_date
)
SELECT
  customer_id,
  visit_date,
  n_visits,
  n_orders,
  revenue,
  last_order_id,
  DATEDIFF(
    visit_date,
    LAG(visit_date) OVER (PARTITION BY customer_id ORDER BY visit_date NULLS LAST)
  ) AS gap_days
FROM by_day
