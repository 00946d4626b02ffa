SELECT
  CAST(toMonday(o.accepted_date) AS Nullable(Date32)) AS week,
  a.category AS category,
  a.brand AS brand,
  CAST(SUM(CASE WHEN o.revenue IS NULL OR o.revenue >= 0 THEN 1 ELSE 0 END) AS Nullable(Int64)) AS n_orders,
  CAST(round(COALESCE(CAST(SUM(o.revenue) AS Nullable(Int64)), 0)) AS Nullable(Int64)) AS revenue
FROM orders AS o
LEFT JOIN assets AS a
  ON a.asset_id = o.asset_id
WHERE
  o.accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
  AND (
    o.outcome IS NULL OR o.outcome <> 'cancelled'
  )
GROUP BY
  CAST(toMonday(o.accepted_date) AS Nullable(Date32)),
  a.category,
  a.brand
