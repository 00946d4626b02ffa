WITH waiting AS (
  SELECT
    order_id,
    technician,
    dateDiff('day', accepted_date, CAST('2026-06-30' AS Nullable(Date32))) AS age_days
  FROM orders
  WHERE
    accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
    AND (
      revenue IS NULL OR revenue >= 0
    )
    AND (
      ready_date > CAST('2026-06-30' AS Nullable(Date32))
      OR (
        ready_date IS NULL AND picked_up_date > CAST('2026-06-30' AS Nullable(Date32))
      )
      OR (
        ready_date IS NULL AND picked_up_date IS NULL AND outcome IS NULL
      )
    )
), work AS (
  SELECT
    l.order_id AS order_id,
    CAST(SUM(
      CASE
        WHEN l.norm_hours > 0
        THEN CAST(round(FLOOR(l.norm_hours * 1000 + 0.5)) AS Nullable(Int64))
        ELSE COALESCE(n.milli_hours, 0)
      END
    ) AS Nullable(Int64)) AS milli_hours
  FROM lines AS l
  JOIN waiting AS w
    ON w.order_id = l.order_id
  LEFT JOIN queue_norms AS n
    ON n.name = l.name
  WHERE
    (
      l.kind IS NULL OR l.kind = 'labour'
    )
    AND (
      l.state IS NULL OR l.state <> 'declined'
    )
  GROUP BY
    l.order_id
)
SELECT
  w.order_id AS order_id,
  w.technician AS technician,
  w.age_days AS age_days,
  CASE WHEN w.age_days > 180 THEN 1 ELSE 0 END AS is_stale,
  CASE WHEN k.milli_hours > 0 THEN k.milli_hours ELSE t.milli_hours END AS milli_hours
FROM waiting AS w
CROSS JOIN queue_typical AS t
LEFT JOIN work AS k
  ON k.order_id = w.order_id
