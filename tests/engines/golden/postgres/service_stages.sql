WITH entered AS (
  SELECT
    order_id,
    stage,
    DATE_PART('epoch', entered_at) AS entered,
    norm_hours * 3600 AS norm,
    technician,
    LEAD(DATE_PART('epoch', entered_at)) OVER (PARTITION BY order_id ORDER BY entered_at, stage) AS later,
    LEAD(technician) OVER (PARTITION BY order_id ORDER BY entered_at, stage) AS next_technician
  FROM stages
  WHERE
    DATE_PART('epoch', entered_at) < CAST(1782853200.0 AS DOUBLE PRECISION)
), spent AS (
  SELECT
    order_id,
    stage,
    norm,
    technician,
    next_technician,
    CASE WHEN stage <> 'ready' THEN later - entered END AS gap,
    CASE
      WHEN NOT stage IN ('ready', 'picked_up')
      THEN COALESCE(later, CAST(1782853200.0 AS DOUBLE PRECISION)) - entered
    END AS seconds
  FROM entered
)
SELECT
  order_id,
  MIN(gap) AS shortest,
  CAST(SUM(CASE WHEN seconds > norm THEN 1 ELSE 0 END) AS BIGINT) AS norms_broken,
  COUNT(norm) AS norms,
  CAST(SUM(CASE WHEN seconds > 2 * 86400 THEN 1 ELSE 0 END) AS BIGINT) AS idle,
  CAST(SUM(CASE WHEN stage = 'waiting_parts' THEN seconds END) AS BIGINT) AS parts,
  CASE
    WHEN COUNT(technician) > 0
    THEN CAST(SUM(CASE WHEN technician <> next_technician THEN 1 ELSE 0 END) AS BIGINT)
  END AS reassigned
FROM spent
GROUP BY
  order_id
