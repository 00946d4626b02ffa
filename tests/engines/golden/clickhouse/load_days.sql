SELECT
  o.accepted_date AS day,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(
    CASE
      WHEN NOT (
        h.milli_hours IS NULL
      )
      THEN h.milli_hours
      WHEN w.n_days > 0
      THEN COALESCE(q.milli_hours, 0)
      ELSE 0
    END
  ) AS Nullable(Int64)) AS milli_hours
FROM orders AS o
CROSS JOIN queue_workdays AS w
LEFT JOIN load_hours AS h
  ON h.order_id = o.order_id
LEFT JOIN queue_orders AS q
  ON q.order_id = o.order_id AND q.is_stale = 0
WHERE
  o.accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
  AND (
    o.outcome IS NULL OR o.outcome <> 'cancelled'
  )
  AND (
    o.revenue IS NULL OR o.revenue >= 0
  )
GROUP BY
  o.accepted_date
