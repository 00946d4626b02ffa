SELECT
  d.day,
  v.customer_id,
  MIN(v.visit_date) AS first_date,
  MAX(v.visit_date) AS last_date,
  COUNT(*) AS n_days,
  CAST(SUM(v.n_orders) AS BIGINT) AS n_orders,
  CAST(SUM(CASE WHEN DATEDIFF(d.day, v.visit_date) < 91 THEN 1 ELSE 0 END) AS BIGINT) AS days_91,
  CAST(SUM(CASE WHEN DATEDIFF(d.day, v.visit_date) < 365 THEN 1 ELSE 0 END) AS BIGINT) AS days_365,
  CAST(SUM(CASE WHEN DATEDIFF(d.day, v.visit_date) < 365 THEN v.revenue END) AS BIGINT) AS revenue_365,
  CASE WHEN MIN(v.centre_low) <> MAX(v.centre_high) THEN 1 ELSE 0 END AS several_centres,
  MAX(CASE WHEN c.kind = 'company' THEN 1 ELSE 0 END) AS is_company,
  CASE WHEN MAX(v.next_return) > d.day THEN DATEDIFF(MAX(v.next_return), d.day) END AS return_days
FROM risk_visits AS v
JOIN risk_days AS d
  ON v.visit_date <= d.day
LEFT JOIN customers AS c
  ON c.customer_id = v.customer_id
WHERE
  c.blocked_date IS NULL OR c.blocked_date > d.day
GROUP BY
  d.day,
  v.customer_id
HAVING
  DATEDIFF(d.day, MAX(v.visit_date)) < 365
