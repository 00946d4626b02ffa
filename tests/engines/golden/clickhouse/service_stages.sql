WITH places AS (
  SELECT
    stage,
    CASE stage
      WHEN 'ready'
      THEN 1
      WHEN 'picked_up'
      THEN 2
      WHEN 'waiting_parts'
      THEN 3
      ELSE 0
    END AS sort,
    CAST(ROW_NUMBER() OVER (ORDER BY stage) AS Nullable(Int64)) AS place
  FROM stages
  GROUP BY
    stage
), hands AS (
  SELECT
    technician,
    CAST(ROW_NUMBER() OVER (ORDER BY technician) AS Nullable(Int64)) AS hand
  FROM stages
  WHERE
    NOT (
      technician IS NULL
    )
  GROUP BY
    technician
), entered AS (
  SELECT
    s.order_id AS order_id,
    p.sort AS sort,
    p.place AS place,
    h.hand AS hand,
    (
      toUnixTimestamp64Micro(CAST(s.entered_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) AS entered,
    s.norm_hours * 3600 AS norm
  FROM stages AS s
  JOIN places AS p
    ON p.stage = s.stage
  LEFT JOIN hands AS h
    ON h.technician = s.technician
  WHERE
    (
      toUnixTimestamp64Micro(CAST(s.entered_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) < CAST(1782853200.0 AS Nullable(Float64))
), followed AS (
  SELECT
    order_id,
    sort,
    place,
    hand,
    norm,
    entered,
    lead(entered) OVER (PARTITION BY order_id ORDER BY entered, place) AS later,
    lead(hand) OVER (PARTITION BY order_id ORDER BY entered, place) AS next_hand
  FROM entered
), spent AS (
  SELECT
    order_id,
    sort,
    place,
    hand,
    next_hand,
    norm,
    CASE WHEN sort <> 1 THEN later - entered END AS gap,
    CASE
      WHEN NOT (
        sort IN (1, 2)
      )
      THEN COALESCE(later, CAST(1782853200.0 AS Nullable(Float64))) - entered
    END AS seconds
  FROM followed
), summed AS (
  SELECT
    order_id,
    MIN(gap) AS shortest,
    CAST(SUM(CASE WHEN seconds > norm THEN 1 ELSE 0 END) AS Nullable(Int64)) AS norms_broken,
    CAST(COUNT(norm) AS Nullable(Int64)) AS norms,
    CAST(SUM(CASE WHEN seconds > 2 * 86400 THEN 1 ELSE 0 END) AS Nullable(Int64)) AS idle,
    CAST(SUM(CASE WHEN sort = 3 THEN CAST(round(seconds) AS Nullable(Int64)) END) AS Nullable(Int64)) AS parts,
    CASE
      WHEN CAST(COUNT(hand) AS Nullable(Int64)) > 0
      THEN CAST(SUM(CASE WHEN hand <> next_hand THEN 1 ELSE 0 END) AS Nullable(Int64))
    END AS reassigned,
    MAX(
      CASE
        WHEN seconds > COALESCE(norm, 0)
        THEN CAST(round(FLOOR(seconds - COALESCE(norm, 0))) AS Nullable(Int64)) * 1000 + 999 - place
      END
    ) AS longest
  FROM spent
  GROUP BY
    order_id
)
SELECT
  u.order_id AS order_id,
  u.shortest AS shortest,
  u.norms_broken AS norms_broken,
  u.norms AS norms,
  u.idle AS idle,
  u.parts AS parts,
  u.reassigned AS reassigned,
  q.stage AS slow_stage
FROM summed AS u
LEFT JOIN places AS q
  ON q.place = 999 - u.longest % 1000
