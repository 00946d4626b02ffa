SELECT
  customer_id,
  revenue,
  CAST(ROW_NUMBER() OVER (ORDER BY revenue DESC, customer_id NULLS LAST) AS BIGINT) AS place,
  CAST(COUNT(*) OVER () AS BIGINT) AS n_clients
FROM customer_facts
WHERE
  n_orders > 0
