WITH open_orders AS (
  SELECT
    r.day,
    r.customer_id,
    r.asset_id,
    r.order_id,
    r.accepted_date,
    r.promised_at,
    r.repromised_at
  FROM risk_orders AS r
  JOIN risk_clients AS c
    ON c.day = r.day AND c.customer_id = r.customer_id
  WHERE
    r.done_date IS NULL AND NOT r.promised_at IS NULL
), moved AS (
  SELECT
    o.day,
    o.order_id,
    MAX(p.promised_at) AS promised_at
  FROM open_orders AS o
  JOIN promises AS p
    ON p.order_id = o.order_id
  WHERE
    CAST(FROM_UTC_TIMESTAMP(CAST(p.at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) <= o.day
  GROUP BY
    o.day,
    o.order_id
), promised AS (
  SELECT
    o.day,
    o.customer_id,
    o.asset_id,
    o.order_id,
    o.accepted_date,
    CAST(FROM_UTC_TIMESTAMP(
      CAST(COALESCE(
        m.promised_at,
        CASE WHEN o.day = CAST('2026-06-30' AS DATE) THEN o.repromised_at END,
        o.promised_at
      ) AS TIMESTAMP_LTZ),
      'Europe/Moscow'
    ) AS DATE) AS promised_date
  FROM open_orders AS o
  LEFT JOIN moved AS m
    ON m.day = o.day AND m.order_id = o.order_id
), complaints AS (
  SELECT
    customer_id,
    order_id,
    CAST(FROM_UTC_TIMESTAMP(CAST(opened_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS opened_date,
    CAST(FROM_UTC_TIMESTAMP(CAST(resolved_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS resolved_date
  FROM cases
  WHERE
    kind = 'complaint'
), refused AS (
  SELECT
    order_id,
    CAST(SUM(
      CAST(BROUND(CAST(FLOOR(price * COALESCE(quantity, 1) + 0.5) AS DOUBLE)) AS BIGINT)
    ) AS BIGINT) AS amount,
    MAX(
      CAST(FROM_UTC_TIMESTAMP(CAST(decided_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE)
    ) AS decided_date
  FROM lines
  WHERE
    state = 'declined'
  GROUP BY
    order_id
), offers AS (
  SELECT
    t.customer_id,
    MAX(CAST(FROM_UTC_TIMESTAMP(CAST(t.at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE)) AS offered_date
  FROM contacts AS t
  WHERE
    t.direction = 'out' AND t.purpose = 'offer'
  GROUP BY
    t.customer_id
), declined AS (
  SELECT
    r.day,
    r.customer_id,
    r.asset_id,
    r.order_id,
    r.accepted_date,
    COALESCE(f.decided_date, r.done_date) AS seen_date,
    COALESCE(f.amount, r.agreed) AS value,
    c.last_date
  FROM risk_orders AS r
  JOIN risk_clients AS c
    ON c.day = r.day AND c.customer_id = r.customer_id
  LEFT JOIN refused AS f
    ON f.order_id = r.order_id
  WHERE
    (
      NOT f.order_id IS NULL OR r.outcome = 'declined'
    )
    AND NOT r.done_date IS NULL
)
SELECT
  day,
  customer_id,
  'promise_at_risk' AS point,
  asset_id,
  order_id,
  promised_date AS seen_date,
  DATEDIFF(day, promised_date) AS value,
  CAST(NULL AS DATE) AS expires_date
FROM promised
WHERE
  DATEDIFF(day, promised_date) BETWEEN -1 AND 90
UNION ALL
SELECT
  c.day,
  c.customer_id,
  'complaint_open' AS point,
  NULL AS asset_id,
  k.order_id,
  k.opened_date AS seen_date,
  DATEDIFF(c.day, k.opened_date) AS value,
  CAST(NULL AS DATE) AS expires_date
FROM risk_clients AS c
JOIN complaints AS k
  ON k.customer_id = c.customer_id
WHERE
  k.opened_date <= c.day
  AND (
    k.resolved_date IS NULL OR k.resolved_date > c.day
  )
  AND DATEDIFF(c.day, k.opened_date) < 365
UNION ALL
SELECT
  d.day,
  d.customer_id,
  'declined_not_offered' AS point,
  d.asset_id,
  d.order_id,
  d.seen_date,
  d.value,
  CAST(d.accepted_date + INTERVAL '365' DAY AS DATE) AS expires_date
FROM declined AS d
LEFT JOIN offers AS o
  ON o.customer_id = d.customer_id
  AND o.offered_date > d.seen_date
  AND o.offered_date <= d.day
WHERE
  d.last_date <= d.accepted_date AND d.seen_date <= d.day AND o.customer_id IS NULL
