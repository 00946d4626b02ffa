WITH told AS (
  SELECT
    f.order_id,
    f.at AS moment,
    f.score,
    f.scale,
    CASE WHEN f.kind = 'nps' OR f.scale > 10 THEN 0 ELSE 1 END AS low
  FROM feedback AS f
  WHERE
    NOT f.order_id IS NULL
    AND f.kind IN ('csat', 'nps', 'csi', 'review')
    AND (
      CAST(UNIX_MICROS(CAST(f.at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) < CAST(1782853200.0 AS DOUBLE)
), numbered AS (
  SELECT
    order_id,
    moment,
    CAST(99 * (
      score - low
    ) AS DOUBLE) / CAST((
      scale - low
    ) AS DOUBLE) AS answer,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY moment DESC, score NULLS LAST) AS BIGINT) AS place
  FROM told
  WHERE
    score >= low AND score <= scale AND scale > low
)
SELECT
  order_id,
  answer,
  CAST(FROM_UTC_TIMESTAMP(CAST(moment AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS answer_date
FROM numbered
WHERE
  place = 1
