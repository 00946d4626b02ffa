-- queue_pace: what each technician finished in the last $pace_days days.
-- Needs: orders, load_hours.
-- Gives: technician (null = nobody named), n_orders, milli_hours (of those whose lines tell it).
SELECT
    o.technician,
    COUNT(*) AS n_orders,
    CAST(coalesce(SUM(h.milli_hours), 0) AS BIGINT) AS milli_hours
FROM orders AS o
LEFT JOIN load_hours AS h ON h.order_id = o.order_id
WHERE o.ready_date <= $asof
  AND date_diff('day', o.ready_date, $asof) < $pace_days
  AND o.accepted_date <= $asof
  AND (o.outcome IS NULL OR o.outcome <> 'cancelled')
  AND (o.revenue IS NULL OR o.revenue >= 0)
GROUP BY o.technician
