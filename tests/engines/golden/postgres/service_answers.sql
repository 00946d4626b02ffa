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
    AND DATE_PART('epoch', f.at) < CAST(1782853200.0 AS DOUBLE PRECISION)
), numbered AS (
  SELECT
    order_id,
    moment,
    CAST(99 * (
      score - low
    ) AS DOUBLE PRECISION) / CAST((
      scale - low
    ) AS DOUBLE PRECISION) AS answer,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY moment DESC NULLS LAST, score) AS BIGINT) AS place
  FROM told
  WHERE
    score >= low AND score <= scale AND scale > low
)
SELECT
  order_id,
  answer,
  CAST(CAST(moment AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) AS answer_date
FROM numbered
WHERE
  place = 1
