WITH waiting AS (
  SELECT
    order_id,
    technician,
    DATEDIFF(CAST('2026-06-30' AS DATE), accepted_date) AS age_days
  FROM orders
  WHERE
    accepted_date <= CAST('2026-06-30' AS DATE)
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
    AND (
      revenue IS NULL OR revenue >= 0
    )
    AND (
      ready_date > CAST('2026-06-30' AS DATE)
      OR (
        ready_date IS NULL AND picked_up_date > CAST('2026-06-30' AS DATE)
      )
      OR (
        ready_date IS NULL AND picked_up_date IS NULL AND outcome IS NULL
      )
    )
), work AS (
  SELECT
    l.order_id,
    CAST(SUM(
      CASE
        WHEN l.norm_hours > 0
        THEN CAST(BROUND(CAST(FLOOR(l.norm_hours * 1000 + 0.5) AS DOUBLE)) AS BIGINT)
        ELSE COALESCE(n.milli_hours, 0)
      END
    ) AS BIGINT) AS milli_hours
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
  w.order_id,
  w.technician,
  w.age_days,
  CASE WHEN w.age_days > 180 THEN 1 ELSE 0 END AS is_stale,
  CASE WHEN k.milli_hours > 0 THEN k.milli_hours ELSE t.milli_hours END AS milli_hours
FROM waiting AS w
CROSS JOIN queue_typical AS t
LEFT JOIN work AS k
  ON k.order_id = w.order_id
