WITH told AS (
  SELECT
    order_id,
    customer_id,
    opened_at AS moment,
    CASE
      WHEN DATE_PART('epoch', resolved_at) < CAST(1782853200.0 AS DOUBLE PRECISION)
      THEN DATE_PART('epoch', resolved_at)
    END AS resolved,
    0 AS dispute
  FROM cases
  WHERE
    kind IN ('complaint', 'claim')
    AND DATE_PART('epoch', opened_at) < CAST(1782853200.0 AS DOUBLE PRECISION)
), guessed AS (
  SELECT
    o.order_id,
    t.moment,
    t.resolved,
    t.dispute,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY t.customer_id, t.moment, t.resolved, t.dispute
      ORDER BY o.accepted DESC NULLS LAST, o.order_id DESC NULLS LAST
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
      CAST(NULL AS DOUBLE PRECISION) AS resolved,
      1 AS dispute
    FROM events AS e
    WHERE
      e.kind = 'dispute'
      AND DATE_PART('epoch', e.at) < CAST(1782853200.0 AS DOUBLE PRECISION)
  ) AS t
  JOIN service_orders AS o
    ON o.customer_id = t.customer_id
  WHERE
    o.accepted <= DATE_PART('epoch', t.moment)
    AND o.accepted >= DATE_PART('epoch', t.moment) - 180 * 86400
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
  CAST(CAST(opened_at AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) AS complaint_date,
  DATE_PART('epoch', opened_at) AS opened,
  resolved,
  disputes
FROM counted
