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
    CAST(ROW_NUMBER() OVER (ORDER BY stage NULLS LAST) AS BIGINT) AS place
  FROM stages
  GROUP BY
    stage
), hands AS (
  SELECT
    technician,
    CAST(ROW_NUMBER() OVER (ORDER BY technician NULLS LAST) AS BIGINT) AS hand
  FROM stages
  WHERE
    NOT technician IS NULL
  GROUP BY
    technician
), entered AS (
  SELECT
    s.order_id,
    p.sort,
    p.place,
    h.hand,
    (
      CAST(UNIX_MICROS(CAST(s.entered_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) AS entered,
    s.norm_hours * 3600 AS norm
  FROM stages AS s
  JOIN places AS p
    ON p.stage = s.stage
  LEFT JOIN hands AS h
    ON h.technician = s.technician
  WHERE
    (
      CAST(UNIX_MICROS(CAST(s.entered_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) < CAST(1782853200.0 AS DOUBLE)
), followed AS (
  SELECT
    order_id,
    sort,
    place,
    hand,
    norm,
    entered,
    LEAD(entered) OVER (PARTITION BY order_id ORDER BY entered NULLS LAST, place NULLS LAST) AS later,
    LEAD(hand) OVER (PARTITION BY order_id ORDER BY entered NULLS LAST, place NULLS LAST) AS next_hand
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
      WHEN NOT sort IN (1, 2)
      THEN COALESCE(later, CAST(1782853200.0 AS DOUBLE)) - entered
    END AS seconds
  FROM followed
), summed AS (
  SELECT
    order_id,
    MIN(gap) AS shortest,
    CAST(SUM(CASE WHEN seconds > norm THEN 1 ELSE 0 END) AS BIGINT) AS norms_broken,
    COUNT(norm) AS norms,
    CAST(SUM(CASE WHEN seconds > 2 * 86400 THEN 1 ELSE 0 END) AS BIGINT) AS idle,
    CAST(SUM(CASE WHEN sort = 3 THEN CAST(BROUND(seconds) AS BIGINT) END) AS BIGINT) AS parts,
    CASE
      WHEN COUNT(hand) > 0
      THEN CAST(SUM(CASE WHEN hand <> next_hand THEN 1 ELSE 0 END) AS BIGINT)
    END AS reassigned,
    MAX(
      CASE
        WHEN seconds > COALESCE(norm, 0)
        THEN CAST(BROUND(CAST(FLOOR(seconds - COALESCE(norm, 0)) AS DOUBLE)) AS BIGINT) * 1000 + 999 - place
      END
    ) AS longest
  FROM spent
  GROUP BY
    order_id
)
SELECT
  u.order_id,
  u.shortest,
  u.norms_broken,
  u.norms,
  u.idle,
  u.parts,
  u.reassigned,
  q.stage AS slow_stage
FROM summed AS u
LEFT JOIN places AS q
  ON q.place = 999 - u.longest % 1000
