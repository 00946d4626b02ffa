WITH placed AS (
  SELECT
    c.order_id AS order_id,
    c.at AS moment,
    c.direction AS direction
  FROM contacts AS c
  WHERE
    NOT (
      c.order_id IS NULL
    ) AND NOT (
      c.direction IS NULL
    )
  UNION ALL
  SELECT
    e.order_id AS order_id,
    e.at AS moment,
    'out' AS direction
  FROM estimates AS e
  UNION ALL
  SELECT
    o.order_id AS order_id,
    c.at AS moment,
    c.direction AS direction
  FROM contacts AS c
  JOIN service_orders AS o
    ON o.customer_id = c.customer_id
  WHERE
    c.order_id IS NULL
    AND NOT (
      c.direction IS NULL
    )
    AND (
      toUnixTimestamp64Micro(CAST(c.at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) > o.accepted
    AND (
      toUnixTimestamp64Micro(CAST(c.at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) <= COALESCE(o.picked_up, o.ready, CAST(1782853200.0 AS Nullable(Float64)))
), timed AS (
  SELECT
    order_id,
    moment,
    (
      toUnixTimestamp64Micro(CAST(moment AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) AS made,
    direction
  FROM placed
  WHERE
    (
      toUnixTimestamp64Micro(CAST(moment AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) < CAST(1782853200.0 AS Nullable(Float64))
), counted AS (
  SELECT
    o.order_id AS order_id,
    CAST(SUM(CASE WHEN t.direction = 'in' THEN 1 ELSE 0 END) AS Nullable(Int64)) AS contacts_in,
    MAX(CASE WHEN t.direction = 'in' THEN t.moment END) AS last_in,
    MAX(
      CASE
        WHEN t.direction = 'out'
        AND t.made < COALESCE(o.ready, CAST(1782853200.0 AS Nullable(Float64)))
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
    AND t.made <= COALESCE(o.picked_up, CAST(1782853200.0 AS Nullable(Float64)))
  GROUP BY
    o.order_id
)
SELECT
  order_id,
  contacts_in,
  toDate32(toTimeZone(CAST(last_in AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS last_in_date,
  told_early,
  warned
FROM counted
