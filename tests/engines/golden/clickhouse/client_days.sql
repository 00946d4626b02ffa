WITH by_day AS (
  SELECT
    customer_id,
    visit_date,
    CAST(COUNT(*) AS Nullable(Int64)) AS n_visits,
    CAST(SUM(n_orders) AS Nullable(Int64)) AS n_orders,
    CAST(SUM(revenue) AS Nullable(Int64)) AS revenue,
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
  dateDiff(
    'day',
    lag(visit_date) OVER (PARTITION BY customer_id ORDER BY visit_date),
    visit_date
  ) AS gap_days
FROM by_day
