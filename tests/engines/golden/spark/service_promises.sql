WITH given AS (
  SELECT
    p.order_id,
    (
      CAST(UNIX_MICROS(CAST(p.at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) AS made,
    p.at AS moment,
    (
      CAST(UNIX_MICROS(CAST(p.promised_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) AS promised
  FROM promises AS p
  WHERE
    (
      CAST(UNIX_MICROS(CAST(p.at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) < CAST(1782853200.0 AS DOUBLE)
), listed AS (
  SELECT
    order_id,
    MIN(promised) AS earliest,
    MAX(promised) AS latest
  FROM given
  GROUP BY
    order_id
), kept AS (
  SELECT DISTINCT
    o.order_id,
    o.promised
  FROM service_orders AS o
  JOIN listed AS l
    ON l.order_id = o.order_id
  WHERE
    l.earliest = o.promised AND l.latest = o.promised
), chained AS (
  SELECT
    order_id
  FROM listed
  WHERE
    NOT order_id IN (
      SELECT
        order_id
      FROM kept
    )
), told AS (
  SELECT
    order_id,
    made,
    moment,
    promised,
    1 AS place
  FROM given
  WHERE
    order_id IN (
      SELECT
        order_id
      FROM chained
    )
  UNION ALL
  SELECT
    order_id,
    accepted AS made,
    CAST(NULL AS TIMESTAMP_NTZ) AS moment,
    promised,
    0 AS place
  FROM service_orders
  WHERE
    NOT promised IS NULL AND order_id IN (
      SELECT
        order_id
      FROM chained
    )
), followed AS (
  SELECT
    order_id,
    made,
    moment,
    promised,
    LAG(promised) OVER (
      PARTITION BY order_id
      ORDER BY made NULLS LAST, place NULLS LAST, promised NULLS LAST
    ) AS replaced
  FROM told
), changes AS (
  SELECT
    order_id,
    made,
    moment,
    promised,
    replaced,
    CAST(SUM(CASE WHEN made > replaced THEN 1 ELSE 0 END) OVER (
      PARTITION BY order_id
      ORDER BY made NULLS LAST, promised NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS too_late
  FROM followed
  WHERE
    replaced IS NULL OR promised <> replaced
), agreed AS (
  SELECT
    order_id,
    MAX(CASE WHEN too_late = 0 THEN made END) AS made,
    CAST(SUM(CASE WHEN NOT replaced IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS moved,
    MIN(CASE WHEN NOT replaced IS NULL THEN moment END) AS moved_at
  FROM changes
  GROUP BY
    order_id
)
SELECT
  a.order_id,
  MAX(c.promised) AS promised,
  a.moved,
  CAST(FROM_UTC_TIMESTAMP(CAST(a.moved_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS moved_date
FROM agreed AS a
JOIN changes AS c
  ON c.order_id = a.order_id AND c.made = a.made AND c.too_late = 0
GROUP BY
  a.order_id,
  a.moved,
  a.moved_at
UNION ALL
SELECT
  order_id,
  promised,
  0 AS moved,
  CAST(NULL AS DATE) AS moved_date
FROM kept
UNION ALL
SELECT
  order_id,
  COALESCE(repromised, promised) AS promised,
  CASE WHEN repromised <> promised THEN 1 ELSE 0 END AS moved,
  CAST(NULL AS DATE) AS moved_date
FROM service_orders
WHERE
  NOT COALESCE(repromised, promised) IS NULL
  AND NOT order_id IN (
    SELECT
      order_id
    FROM listed
  )
