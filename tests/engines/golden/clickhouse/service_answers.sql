WITH told AS (
  SELECT
    f.order_id AS order_id,
    f.at AS moment,
    f.score AS score,
    f.scale AS scale,
    CASE WHEN f.kind = 'nps' OR f.scale > 10 THEN 0 ELSE 1 END AS low
  FROM feedback AS f
  WHERE
    NOT (
      f.order_id IS NULL
    )
    AND f.kind IN ('csat', 'nps', 'csi', 'review')
    AND (
      toUnixTimestamp64Micro(CAST(f.at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) < CAST(1782853200.0 AS Nullable(Float64))
), numbered AS (
  SELECT
    order_id,
    moment,
    CAST(99 * (
      score - low
    ) AS Nullable(Float64)) / CAST((
      scale - low
    ) AS Nullable(Float64)) AS answer,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY moment DESC, score) AS Nullable(Int64)) AS place
  FROM told
  WHERE
    score >= low AND score <= scale AND scale > low
)
SELECT
  order_id,
  answer,
  toDate32(toTimeZone(CAST(moment AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS answer_date
FROM numbered
WHERE
  place = 1
