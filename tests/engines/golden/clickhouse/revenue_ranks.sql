SELECT
  customer_id,
  revenue,
  CAST(ROW_NUMBER() OVER (ORDER BY revenue DESC, customer_id) AS Nullable(Int64)) AS place,
  CAST(COUNT(*) OVER () AS Nullable(Int64)) AS n_clients
FROM customer_facts
WHERE
  n_orders > 0
