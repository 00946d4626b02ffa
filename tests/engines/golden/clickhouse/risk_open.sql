WITH open_orders AS (
  SELECT
    r.day AS day,
    r.customer_id AS customer_id,
    r.asset_id AS asset_id,
    r.order_id AS order_id,
    r.accepted_date AS accepted_date,
    r.promised_at AS promised_at,
    r.repromised_at AS repromised_at
  FROM risk_orders AS r
  JOIN risk_clients AS c
    ON c.day = r.day AND c.customer_id = r.customer_id
  WHERE
    r.done_date IS NULL AND NOT (
      r.promised_at IS NULL
    )
), moved AS (
  SELECT
    o.day AS day,
    o.order_id AS order_id,
    MAX(p.promised_at) AS promised_at
  FROM open_orders AS o
  JOIN promises AS p
    ON p.order_id = o.order_id
  WHERE
    toDate32(toTimeZone(CAST(p.at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) <= o.day
  GROUP BY
    o.day,
    o.order_id
), promised AS (
  SELECT
    o.day AS day,
    o.customer_id AS customer_id,
    o.asset_id AS asset_id,
    o.order_id AS order_id,
    o.accepted_date AS accepted_date,
    toDate32(
      toTimeZone(
        CAST(COALESCE(
          m.promised_at,
          CASE WHEN o.day = CAST('2026-06-30' AS Nullable(Date32)) THEN o.repromised_at END,
          o.promised_at
        ) AS Nullable(DateTime64(6, 'UTC'))),
        'Europe/Moscow'
      )
    ) AS promised_date
  FROM open_orders AS o
  LEFT JOIN moved AS m
    ON m.day = o.day AND m.order_id = o.order_id
), complaints AS (
  SELECT
    customer_id,
    order_id,
    toDate32(toTimeZone(CAST(opened_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS opened_date,
    toDate32(toTimeZone(CAST(resolved_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS resolved_date
  FROM cases
  WHERE
    kind = 'complaint'
), refused AS (
  SELECT
    order_id,
    CAST(SUM(CAST(round(FLOOR(price * COALESCE(quantity, 1) + 0.5)) AS Nullable(Int64))) AS Nullable(Int64)) AS amount,
    MAX(
      toDate32(toTimeZone(CAST(decided_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow'))
    ) AS decided_date
  FROM lines
  WHERE
    state = 'declined'
  GROUP BY
    order_id
), offers AS (
  SELECT
    t.customer_id AS customer_id,
    MAX(
      toDate32(toTimeZone(CAST(t.at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow'))
    ) AS offered_date
  FROM contacts AS t
  WHERE
    t.direction = 'out' AND t.purpose = 'offer'
  GROUP BY
    t.customer_id
), declined AS (
  SELECT
    r.day AS day,
    r.customer_id AS customer_id,
    r.asset_id AS asset_id,
    r.order_id AS order_id,
    r.accepted_date AS accepted_date,
    COALESCE(f.decided_date, r.done_date) AS seen_date,
    COALESCE(f.amount, r.agreed) AS value,
    c.last_date AS last_date
  FROM risk_orders AS r
  JOIN risk_clients AS c
    ON c.day = r.day AND c.customer_id = r.customer_id
  LEFT JOIN refused AS f
    ON f.order_id = r.order_id
  WHERE
    (
      NOT (
        f.order_id IS NULL
      ) OR r.outcome = 'declined'
    )
    AND NOT (
      r.done_date IS NULL
    )
)
SELECT
  day,
  customer_id,
  'promise_at_risk' AS point,
  asset_id,
  order_id,
  promised_date AS seen_date,
  dateDiff('day', promised_date, day) AS value,
  CAST(NULL AS Nullable(Date32)) AS expires_date
FROM promised
WHERE
  dateDiff('day', promised_date, day) BETWEEN -1 AND 90
UNION ALL
SELECT
  c.day AS day,
  c.customer_id AS customer_id,
  'complaint_open' AS point,
  NULL AS asset_id,
  k.order_id AS order_id,
  k.opened_date AS seen_date,
  dateDiff('day', k.opened_date, c.day) AS value,
  CAST(NULL AS Nullable(Date32)) AS expires_date
FROM risk_clients AS c
JOIN complaints AS k
  ON k.customer_id = c.customer_id
WHERE
  k.opened_date <= c.day
  AND (
    k.resolved_date IS NULL OR k.resolved_date > c.day
  )
  AND dateDiff('day', k.opened_date, c.day) < 365
UNION ALL
SELECT
  d.day AS day,
  d.customer_id AS customer_id,
  'declined_not_offered' AS point,
  d.asset_id AS asset_id,
  d.order_id AS order_id,
  d.seen_date AS seen_date,
  d.value AS value,
  CAST(d.accepted_date + INTERVAL '365' DAY AS Nullable(Date32)) AS expires_date
FROM declined AS d
LEFT JOIN offers AS o
  ON o.customer_id = d.customer_id
  AND o.offered_date > d.seen_date
  AND o.offered_date <= d.day
WHERE
  d.last_date <= d.accepted_date AND d.seen_date <= d.day AND o.customer_id IS NULL
