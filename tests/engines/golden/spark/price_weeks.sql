SELECT
  CAST(TRUNC(o.accepted_date, 'week') AS DATE) AS week,
  a.category,
  a.brand,
  CAST(SUM(CASE WHEN o.revenue IS NULL OR o.revenue >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS n_orders,
  CAST(BROUND(COALESCE(CAST(SUM(o.revenue) AS BIGINT), 0)) AS BIGINT) AS revenue
FROM orders AS o
LEFT JOIN assets AS a
  ON a.asset_id = o.asset_id
WHERE
  o.accepted_date <= CAST('2026-06-30' AS DATE)
  AND (
    o.outcome IS NULL OR o.outcome <> 'cancelled'
  )
GROUP BY
  CAST(TRUNC(o.accepted_date, 'week') AS DATE),
  a.category,
  a.brand
