SELECT
  d.day AS day,
  c.customer_id AS customer_id,
  MIN(c.visit_date) AS first_date,
  MAX(c.visit_date) AS last_date,
  CAST(SUM(c.n_visits) AS Nullable(Int64)) AS n_visits,
  CAST(SUM(c.n_orders) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(CASE WHEN dateDiff('day', c.visit_date, d.day) < 365 THEN c.n_visits ELSE 0 END) AS Nullable(Int64)) AS visits_365,
  CAST(SUM(CASE WHEN dateDiff('day', c.visit_date, d.day) < 91 THEN c.n_orders ELSE 0 END) AS Nullable(Int64)) AS orders_91,
  quantileExactInclusive(0.9)(c.gap_days) AS own_quantile
FROM client_days AS c
JOIN days AS d
  ON c.visit_date <= d.day
GROUP BY
  d.day,
  c.customer_id
