SELECT
  customer_id,
  order_id,
  asset_id,
  centre,
  accepted_date,
  revenue,
  revenue - parts_cost - labour_cost AS margin,
  CASE
    WHEN 'revenue' = 'margin'
    THEN revenue - parts_cost - labour_cost
    ELSE revenue
  END AS worth,
  CASE WHEN revenue IS NULL OR revenue >= 0 THEN 1 ELSE 0 END AS counted
FROM orders
WHERE
  NOT customer_id IS NULL
  AND (
    outcome IS NULL OR outcome <> 'cancelled'
  )
  AND accepted_date <= CAST('2026-06-30' AS DATE)
