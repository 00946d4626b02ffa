SELECT
  d.day,
  o.customer_id,
  COUNT(*) AS n_pickups,
  PERCENTILE(
    (
      CAST(UNIX_MICROS(CAST(o.picked_up_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) - (
      CAST(UNIX_MICROS(CAST(COALESCE(o.notified_at, o.ready_at) AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ),
    0.5
  ) AS pickup_seconds
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
