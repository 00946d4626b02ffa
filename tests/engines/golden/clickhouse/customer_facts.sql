WITH everyone AS (
  SELECT
    customer_id
  FROM customers
  UNION DISTINCT
  SELECT
    customer_id
  FROM customer_orders
)
SELECT
  e.customer_id AS customer_id,
  c.name AS name,
  c.kind AS kind,
  c.source AS source,
  c.manager AS manager,
  c.image_value AS image_value,
  c.potential AS potential,
  CASE WHEN c.regular_mark THEN 1 ELSE 0 END AS regular_mark,
  COALESCE(k.class, c.class_hand) AS class,
  k.class_reasons AS class_reasons,
  COALESCE(o.n_orders, 0) AS n_orders,
  COALESCE(v.n_visits, 0) AS n_visits,
  COALESCE(v.n_days, 0) AS n_days,
  COALESCE(k.n_assets, 0) AS n_assets,
  k.brought_window AS brought_window,
  k.n_pickups AS n_pickups,
  k.pickup_seconds AS pickup_seconds,
  k.category AS category,
  o.first_date AS first_at,
  o.last_date AS last_at,
  dateDiff('day', o.last_date, CAST('2026-06-30' AS Nullable(Date32))) AS recency_days,
  o.revenue AS revenue,
  o.margin AS margin,
  CASE
    WHEN o.n_orders > 0
    THEN CAST(o.revenue AS Nullable(Float64)) / CAST(o.n_orders AS Nullable(Float64))
  END AS avg_order,
  COALESCE(v.visits_365, 0) AS visits_365,
  COALESCE(v.orders_365, 0) AS orders_365,
  v.revenue_365 AS revenue_365,
  r.rfm_r AS rfm_r,
  r.rfm_f AS rfm_f,
  r.rfm_m AS rfm_m,
  r.rfm_segment AS rfm_segment,
  r.reading AS reading,
  r.rfm27 AS rfm27,
  r.group27 AS group27,
  s.state AS lifecycle,
  COALESCE(s.since_days, u.run_days) AS lifecycle_since_days,
  s.limit_days AS limit_days,
  s.limit_from AS limit_from,
  CASE
    WHEN c.kind = 'company' AND (
      k.n_assets >= 10 OR v.orders_365 >= 24
    )
    THEN 1
    ELSE 0
  END AS is_fleet
FROM everyone AS e
LEFT JOIN customers AS c
  ON c.customer_id = e.customer_id
LEFT JOIN customer_orders AS o
  ON o.customer_id = e.customer_id
LEFT JOIN customer_visits AS v
  ON v.customer_id = e.customer_id
LEFT JOIN classes AS k
  ON k.customer_id = e.customer_id AND k.day = CAST('2026-06-30' AS Nullable(Date32))
LEFT JOIN states AS s
  ON s.customer_id = e.customer_id AND s.day = CAST('2026-06-30' AS Nullable(Date32))
LEFT JOIN runs AS u
  ON u.customer_id = e.customer_id
LEFT JOIN rfm AS r
  ON r.customer_id = e.customer_id
