SELECT DISTINCT
  r.day,
  r.customer_id,
  COALESCE(l.work_group, CASE WHEN g.n_groups = 0 THEN r.kind END) AS work
FROM risk_orders AS r
CROSS JOIN risk_known AS g
LEFT JOIN lines AS l
  ON l.order_id = r.order_id
WHERE
  NOT COALESCE(l.work_group, CASE WHEN g.n_groups = 0 THEN r.kind END) IS NULL
