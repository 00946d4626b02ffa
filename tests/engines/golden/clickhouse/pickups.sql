SELECT
  d.day AS day,
  o.customer_id AS customer_id,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_pickups,
  quantileExactInclusive(0.5)((
    toUnixTimestamp64Micro(CAST(o.picked_up_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
  ) - (
    toUnixTimestamp64Micro(CAST(COALESCE(o.notified_at, o.ready_at) AS Nullable(DateTime64(6, 'UTC')))) / 1e6
  )) AS pickup_seconds
FROM orders AS o
JOIN days AS d
  ON o.picked_up_date <= d.day AND o.accepted_date <= d.day
WHERE
  NOT (
    o.customer_id IS NULL
  )
  AND (
    o.outcome IS NULL OR o.outcome <> 'cancelled'
  )
  AND (
    o.revenue IS NULL OR o.revenue >= 0
  )
  AND NOT (
    COALESCE(o.notified_at, o.ready_at) IS NULL
  )
GROUP BY
  d.day,
  o.customer_id
