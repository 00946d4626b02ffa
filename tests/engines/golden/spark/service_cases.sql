WITH told AS (
  SELECT
    order_id,
    customer_id,
    opened_at AS moment,
    CASE
      WHEN (
        CAST(UNIX_MICROS(CAST(resolved_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
      ) < CAST(1782853200.0 AS DOUBLE)
      THEN (
        CAST(UNIX_MICROS(CAST(resolved_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
      )
    END AS resolved,
    0 AS dispute
  FROM cases
  WHERE
    kind IN ('complaint', 'claim')
    AND (
      CAST(UNIX_MICROS(CAST(opened_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) < CAST(1782853200.0 AS DOUBLE)
), guessed AS (
  SELECT
    o.order_id,
    t.moment,
    t.resolved,
    t.dispute,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY t.customer_id, t.moment, t.resolved, t.dispute
      ORDER BY o.accepted DESC, o.order_id DESC
    ) AS BIGINT) AS place
  FROM (
    SELECT
      customer_id,
      moment,
      resolved,
      dispute
    FROM told
    WHERE
      order_id IS NULL
    UNION ALL
    SELECT
      e.customer_id,
      e.at AS moment,
      CAST(NULL AS DOUBLE) AS resolved,
      1 AS dispute
    FROM events AS e
    WHERE
      e.kind = 'dispute'
      AND (
        CAST(UNIX_MICROS(CAST(e.at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
      ) < CAST(1782853200.0 AS DOUBLE)
  ) AS t
  JOIN service_orders AS o
    ON o.customer_id = t.customer_id
  WHERE
    o.accepted <= (
      CAST(UNIX_MICROS(CAST(t.moment AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    )
    AND o.accepted >= (
      CAST(UNIX_MICROS(CAST(t.moment AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) - 180 * 86400
), placed AS (
  SELECT
    order_id,
    moment,
    resolved,
    dispute
  FROM told
  WHERE
    NOT order_id IS NULL
  UNION ALL
  SELECT
    order_id,
    moment,
    resolved,
    dispute
  FROM guessed
  WHERE
    place = 1
), counted AS (
  SELECT
    order_id,
    CAST(SUM(1 - dispute) AS BIGINT) AS complaints,
    MIN(CASE WHEN dispute = 0 THEN moment END) AS opened_at,
    CASE WHEN COUNT(resolved) = CAST(SUM(1 - dispute) AS BIGINT) THEN MAX(resolved) END AS resolved,
    CAST(SUM(dispute) AS BIGINT) AS disputes
  FROM placed
  GROUP BY
    order_id
)
SELECT
  order_id,
  complaints,
  CAST(FROM_UTC_TIMESTAMP(CAST(opened_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS complaint_date,
  (
    CAST(UNIX_MICROS(CAST(opened_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
  ) AS opened,
  resolved,
  disputes
FROM counted
