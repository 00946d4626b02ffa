SELECT
  d.day,
  o.customer_id,
  COUNT(*) AS n_pickups,
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
    DATE_PART('epoch', o.picked_up_at) - DATE_PART('epoch', COALESCE(o.notified_at, o.ready_at))) AS pickup_seconds
FROM orders AS o
JOIN days AS d
  ON o.picked_up_date <= d.day AND o.accepted_date <= d.day
WHERE
  NOT o.customer_id IS NULL
  AND (
    o.outcome IS NULL OR o.outcome <> 'cancelled'
  )
  AND (
    o.revenue IS NULL OR o.revenue >= 0
  )
  AND NOT COALESCE(o.notified_at, o.ready_at) IS NULL
GROUP BY
  d.day,
  o.customer_id
