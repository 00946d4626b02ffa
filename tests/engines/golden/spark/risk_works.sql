SELECT DISTINCT
  r.day,
  r.customer_id,
  COALESCE(l.work_group, CASE WHEN l.order_id IS NULL THEN r.kind END) AS work
FROM risk_orders AS r
LEFT JOIN lines AS l
  ON l.order_id = r.order_id
WHERE
  NOT COALESCE(l.work_group, CASE WHEN l.order_id IS NULL THEN r.kind END) IS NULL
