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
    AND DATE_PART('epoch', c.at) > o.accepted
    AND DATE_PART('epoch', c.at) <= COALESCE(o.picked_up, o.ready, CAST(1782853200.0 AS DOUBLE PRECISION))
), timed AS (
  SELECT
    order_id,
    moment,
    DATE_PART('epoch', moment) AS made,
    direction
  FROM placed
  WHERE
    DATE_PART('epoch', moment) < CAST(1782853200.0 AS DOUBLE PRECISION)
), counted AS (
  SELECT
    o.order_id,
    CAST(SUM(CASE WHEN t.direction = 'in' THEN 1 ELSE 0 END) AS BIGINT) AS contacts_in,
    MAX(CASE WHEN t.direction = 'in' THEN t.moment END) AS last_in,
    MAX(
      CASE
        WHEN t.direction = 'out'
        AND t.made < COALESCE(o.ready, CAST(1782853200.0 AS DOUBLE PRECISION))
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
    AND t.made <= COALESCE(o.picked_up, CAST(1782853200.0 AS DOUBLE PRECISION))
  GROUP BY
    o.order_id
)
SELECT
  order_id,
  contacts_in,
  CAST(CAST(last_in AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) AS last_in_date,
  told_early,
  warned
FROM counted
