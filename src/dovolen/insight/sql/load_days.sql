-- load_days: what came in on each day.
-- Needs: orders, load_hours, queue_orders, queue_workdays.
-- Gives: day, n_orders (counted: neither cancelled nor a return; whoever brought them), milli_hours (an order that still
--        waits and has no work written counts as the queue counts it: else every base would end in a fall).
SELECT
    o.accepted_date AS day,
    COUNT(*) AS n_orders,
    CAST(
        SUM(
            CASE
                WHEN h.milli_hours IS NOT NULL THEN h.milli_hours
                WHEN w.n_days > 0 THEN coalesce(q.milli_hours, 0)
                ELSE 0
            END
        ) AS BIGINT
    ) AS milli_hours
FROM orders AS o
CROSS JOIN queue_workdays AS w
LEFT JOIN load_hours AS h ON h.order_id = o.order_id
LEFT JOIN queue_orders AS q ON q.order_id = o.order_id AND q.is_stale = 0
WHERE o.accepted_date <= $asof
  AND (o.outcome IS NULL OR o.outcome <> 'cancelled')
  AND (o.revenue IS NULL OR o.revenue >= 0)
GROUP BY o.accepted_date
