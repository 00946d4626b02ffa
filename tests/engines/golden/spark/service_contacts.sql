WITH placed AS (
  SELECT
    c.order_id,
    c.at AS moment,
    c.direction
  FROM contacts AS c
  WHERE
    NOT c.order_id IS NULL AND NOT c.direction IS NULL
  UNION ALL
  SELECT
    e.order_id,
    e.at AS moment,
    'out' AS direction
  FROM estimates AS e
  UNION ALL
  SELECT
    o.order_id,
    c.at AS moment,
    c.direction
  FROM contacts AS c
  JOIN service_orders AS o
    ON o.customer_id = c.customer_id
  WHERE
    c.order_id IS NULL
    AND NOT c.direction IS NULL
    AND (
      CAST(UNIX_MICROS(CAST(c.at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) > o.accepted
    AND (
      CAST(UNIX_MICROS(CAST(c.at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) <= COALESCE(o.picked_up, o.ready, CAST(1782853200.0 AS DOUBLE))
), timed AS (
  SELECT
    order_id,
    moment,
    (
      CAST(UNIX_MICROS(CAST(moment AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) AS made,
    direction
  FROM placed
  WHERE
    (
      CAST(UNIX_MICROS(CAST(moment AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) < CAST(1782853200.0 AS DOUBLE)
), counted AS (
  SELECT
    o.order_id,
    CAST(SUM(CASE WHEN t.direction = 'in' THEN 1 ELSE 0 END) AS BIGINT) AS contacts_in,
    MAX(CASE WHEN t.direction = 'in' THEN t.moment END) AS last_in,
    MAX(
      CASE
        WHEN t.direction = 'out' AND t.made < COALESCE(o.ready, CAST(1782853200.0 AS DOUBLE))
        THEN 1
        ELSE 0
      END
    ) AS told_early,
    MAX(CASE WHEN t.direction = 'out' AND t.made <= q.promised THEN 1 ELSE 0 END) AS warned
  FROM service_orders AS o
  JOIN timed AS t
    ON t.order_id = o.order_id
  LEFT JOIN service_promises AS q
    ON q.order_id = o.order_id
  WHERE
    t.made > o.accepted
    AND t.made <= COALESCE(o.picked_up, CAST(1782853200.0 AS DOUBLE))
  GROUP BY
    o.order_id
)
SELECT
  order_id,
  contacts_in,
  CAST(FROM_UTC_TIMESTAMP(CAST(last_in AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS last_in_date,
  told_early,
  warned
FROM counted
