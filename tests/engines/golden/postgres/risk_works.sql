WITH groups AS (
  SELECT
    COUNT(work_group) AS n_known
  FROM lines
)
SELECT DISTINCT
  r.day,
  r.customer_id,
  COALESCE(l.work_group, CASE WHEN g.n_known = 0 THEN r.kind END) AS work
FROM risk_orders AS r
CROSS JOIN groups AS g
LEFT JOIN lines AS l
  ON l.order_id = r.order_id
WHERE
  NOT COALESCE(l.work_group, CASE WHEN g.n_known = 0 THEN r.kind END) IS NULL
