SELECT
  o.technician,
  COUNT(*) AS n_orders,
  CAST(COALESCE(CAST(SUM(h.milli_hours) AS BIGINT), 0) AS BIGINT) AS milli_hours
FROM orders AS o
LEFT JOIN load_hours AS h
  ON h.order_id = o.order_id
WHERE
  o.ready_date <= CAST('2026-06-30' AS DATE)
  AND (
    CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(o.ready_date AS DATE)
  ) < 90
  AND o.accepted_date <= CAST('2026-06-30' AS DATE)
  AND (
    o.outcome IS NULL OR o.outcome <> 'cancelled'
  )
  AND (
    o.revenue IS NULL OR o.revenue >= 0
  )
GROUP BY
  o.technician
