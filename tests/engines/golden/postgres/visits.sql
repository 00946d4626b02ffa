SELECT
  customer_id,
  accepted_date AS visit_date,
  centre,
  COUNT(*) AS n_orders,
  CAST(SUM(revenue) AS BIGINT) AS revenue,
  MAX(order_id) AS last_order_id
FROM billed
WHERE
  counted = 1
GROUP BY
  customer_id,
  accepted_date,
  centre
