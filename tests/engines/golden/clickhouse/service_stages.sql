WITH entered AS (
  SELECT
    order_id,
    stage,
    (
      toUnixTimestamp64Micro(CAST(entered_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) AS entered,
    norm_hours * 3600 AS norm,
    technician,
    lead(
      (
        toUnixTimestamp64Micro(CAST(entered_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      )
    ) OVER (PARTITION BY order_id ORDER BY entered_at, stage) AS later,
    lead(technician) OVER (PARTITION BY order_id ORDER BY entered_at, stage) AS next_technician
  FROM stages
  WHERE
    (
      toUnixTimestamp64Micro(CAST(entered_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) < CAST(1782853200.0 AS Nullable(Float64))
), spent AS (
  SELECT
    order_id,
    stage,
    norm,
    technician,
    next_technician,
    CASE WHEN stage <> 'ready' THEN later - entered END AS gap,
    CASE
      WHEN NOT (
        stage IN ('ready', 'picked_up')
      )
      THEN COALESCE(later, CAST(1782853200.0 AS Nullable(Float64))) - entered
    END AS seconds
  FROM entered
)
SELECT
  order_id,
  MIN(gap) AS shortest,
  CAST(SUM(CASE WHEN seconds > norm THEN 1 ELSE 0 END) AS Nullable(Int64)) AS norms_broken,
  CAST(COUNT(norm) AS Nullable(Int64)) AS norms,
  CAST(SUM(CASE WHEN seconds > 2 * 86400 THEN 1 ELSE 0 END) AS Nullable(Int64)) AS idle,
  CAST(SUM(CASE WHEN stage = 'waiting_parts' THEN seconds END) AS Nullable(Int64)) AS parts,
  CASE
    WHEN CAST(COUNT(technician) AS Nullable(Int64)) > 0
    THEN CAST(SUM(CASE WHEN technician <> next_technician THEN 1 ELSE 0 END) AS Nullable(Int64))
  END AS reassigned
FROM spent
GROUP BY
  order_id
