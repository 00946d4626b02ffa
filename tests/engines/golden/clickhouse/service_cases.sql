WITH told AS (
  SELECT
    order_id,
    customer_id,
    opened_at AS moment,
    CASE
      WHEN (
        toUnixTimestamp64Micro(CAST(resolved_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      ) < CAST(1782853200.0 AS Nullable(Float64))
      THEN (
        toUnixTimestamp64Micro(CAST(resolved_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      )
    END AS resolved,
    0 AS dispute
  FROM cases
  WHERE
    kind IN ('complaint', 'claim')
    AND (
      toUnixTimestamp64Micro(CAST(opened_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) < CAST(1782853200.0 AS Nullable(Float64))
), guessed AS (
  SELECT
    o.order_id AS order_id,
    t.moment AS moment,
    t.resolved AS resolved,
    t.dispute AS dispute,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY t.customer_id, t.moment, t.resolved, t.dispute
      ORDER BY o.accepted DESC, o.order_id DESC
    ) AS Nullable(Int64)) AS place
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
      e.customer_id AS customer_id,
      e.at AS moment,
      CAST(NULL AS Nullable(Float64)) AS resolved,
      1 AS dispute
    FROM events AS e
    WHERE
      e.kind = 'dispute'
      AND (
        toUnixTimestamp64Micro(CAST(e.at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
      ) < CAST(1782853200.0 AS Nullable(Float64))
  ) AS t
  JOIN service_orders AS o
    ON o.customer_id = t.customer_id
  WHERE
    o.accepted <= (
      toUnixTimestamp64Micro(CAST(t.moment AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    )
    AND o.accepted >= (
      toUnixTimestamp64Micro(CAST(t.moment AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) - 180 * 86400
), placed AS (
  SELECT
    order_id,
    moment,
    resolved,
    dispute
  FROM told
  WHERE
    NOT (
      order_id IS NULL
    )
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
    CAST(SUM(1 - dispute) AS Nullable(Int64)) AS complaints,
    MIN(CASE WHEN dispute = 0 THEN moment END) AS opened_at,
    CASE
      WHEN CAST(COUNT(resolved) AS Nullable(Int64)) = CAST(SUM(1 - dispute) AS Nullable(Int64))
      THEN MAX(resolved)
    END AS resolved,
    CAST(SUM(dispute) AS Nullable(Int64)) AS disputes
  FROM placed
  GROUP BY
    order_id
)
SELECT
  order_id,
  complaints,
  toDate32(toTimeZone(CAST(opened_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS complaint_date,
  (
    toUnixTimestamp64Micro(CAST(opened_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
  ) AS opened,
  resolved,
  disputes
FROM counted
