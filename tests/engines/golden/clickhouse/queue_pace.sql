SELECT
  o.technician AS technician,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_orders,
  CAST(round(COALESCE(CAST(SUM(h.milli_hours) AS Nullable(Int64)), 0)) AS Nullable(Int64)) AS milli_hours
FROM orders AS o
LEFT JOIN load_hours AS h
  ON h.order_id = o.order_id
WHERE
  o.ready_date <= CAST('2026-06-30' AS Nullable(Date32))
  AND dateDiff('day', o.ready_date, CAST('2026-06-30' AS Nullable(Date32))) < 90
  AND o.accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
  AND (
    o.outcome IS NULL OR o.outcome <> 'cancelled'
  )
  AND (
    o.revenue IS NULL OR o.revenue >= 0
  )
GROUP BY
  o.technician
