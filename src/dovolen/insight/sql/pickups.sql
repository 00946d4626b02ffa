-- pickups: how fast a client takes his assets back once told, as known on each day.
-- Needs: orders, days.
-- Gives: day, customer_id, n_pickups, pickup_seconds (median from notified_at, else ready_at, to picked_up_at).
-- Keep.
SELECT
    d.day,
    o.customer_id,
    COUNT(*) AS n_pickups,
    quantile_cont(epoch(o.picked_up_at) - epoch(coalesce(o.notified_at, o.ready_at)), 0.5) AS pickup_seconds
FROM orders AS o
JOIN days AS d ON o.picked_up_date <= d.day AND o.accepted_date <= d.day
WHERE o.customer_id IS NOT NULL
  AND (o.outcome IS NULL OR o.outcome <> 'cancelled')
  AND (o.revenue IS NULL OR o.revenue >= 0)
  AND coalesce(o.notified_at, o.ready_at) IS NOT NULL
GROUP BY d.day, o.customer_id
