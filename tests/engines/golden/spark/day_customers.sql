SELECT
  d.day,
  c.customer_id,
  MIN(c.visit_date) AS first_date,
  MAX(c.visit_date) AS last_date,
  CAST(SUM(c.n_visits) AS BIGINT) AS n_visits,
  CAST(SUM(c.n_orders) AS BIGINT) AS n_orders,
  CAST(SUM(CASE WHEN DATEDIFF(d.day, c.visit_date) < 365 THEN c.n_visits ELSE 0 END) AS BIGINT) AS visits_365,
  CAST(SUM(CASE WHEN DATEDIFF(d.day, c.visit_date) < 91 THEN c.n_orders ELSE 0 END) AS BIGINT) AS orders_91,
  PERCENTILE(c.gap_days, 0.9) AS own_quantile
FROM client_days AS c
JOIN days AS d
  ON c.visit_date <= d.day
GROUP BY
  d.day,
  c.customer_id
