SELECT
  d.day,
  d.customer_id,
  COALESCE(MAX(a.category), 'unknown') AS category
FROM day_customers AS d
JOIN client_days AS c
  ON c.customer_id = d.customer_id AND c.visit_date = d.last_date
LEFT JOIN orders AS o
  ON o.order_id = c.last_order_id
LEFT JOIN assets AS a
  ON a.asset_id = o.asset_id
GROUP BY
  d.day,
  d.customer_id
