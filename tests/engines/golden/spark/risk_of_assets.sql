WITH met AS (
  SELECT
    asset_id,
    MIN(accepted_date) AS met_date,
    MAX(customer_id) AS customer_id
  FROM orders
  WHERE
    NOT asset_id IS NULL AND accepted_date <= CAST('2026-06-30' AS DATE)
  GROUP BY
    asset_id
), owned AS (
  SELECT
    c.day,
    c.customer_id,
    a.asset_id,
    a.category,
    a.warranty_until,
    COALESCE(a.made_at, a.sold_at) AS born
  FROM assets AS a
  LEFT JOIN met AS m
    ON m.asset_id = a.asset_id
  JOIN risk_clients AS c
    ON c.customer_id = COALESCE(a.customer_id, m.customer_id)
  WHERE
    (
      m.met_date <= c.day OR a.sold_at <= c.day
    )
    AND (
      a.left_at IS NULL OR a.left_at > c.day
    )
), repaired AS (
  SELECT
    o.customer_id,
    o.asset_id,
    o.order_id,
    o.accepted_date,
    MAX(l.warranty_until) AS warranty_until
  FROM lines AS l
  JOIN orders AS o
    ON o.order_id = l.order_id
  WHERE
    NOT l.warranty_until IS NULL AND (
      l.state IS NULL OR l.state <> 'declined'
    )
  GROUP BY
    o.customer_id,
    o.asset_id,
    o.order_id,
    o.accepted_date
), happened AS (
  SELECT
    e.customer_id,
    e.asset_id,
    e.kind,
    CAST(FROM_UTC_TIMESTAMP(CAST(e.at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS seen_date
  FROM events AS e
  WHERE
    e.kind IN ('appraisal', 'service_book_taken')
)
SELECT
  day,
  customer_id,
  'warranty_ends' AS point,
  asset_id,
  NULL AS order_id,
  CAST(warranty_until - INTERVAL '90' DAY AS DATE) AS seen_date,
  DATEDIFF(warranty_until, day) AS value,
  CAST(warranty_until + INTERVAL '1' DAY AS DATE) AS expires_date
FROM owned
WHERE
  DATEDIFF(warranty_until, day) BETWEEN 0 AND 90
UNION ALL
SELECT
  c.day,
  c.customer_id,
  'repair_warranty_ends' AS point,
  r.asset_id,
  r.order_id,
  CAST(r.warranty_until - INTERVAL '90' DAY AS DATE) AS seen_date,
  DATEDIFF(r.warranty_until, c.day) AS value,
  CAST(r.warranty_until + INTERVAL '1' DAY AS DATE) AS expires_date
FROM repaired AS r
JOIN risk_clients AS c
  ON c.customer_id = r.customer_id AND r.accepted_date <= c.day
WHERE
  DATEDIFF(r.warranty_until, c.day) BETWEEN 0 AND 90
  AND 3 * DATEDIFF(r.warranty_until, c.day) <= DATEDIFF(r.warranty_until, r.accepted_date)
UNION ALL
SELECT
  o.day,
  o.customer_id,
  'asset_age' AS point,
  o.asset_id,
  NULL AS order_id,
  o.born AS seen_date,
  DATEDIFF(o.day, o.born) AS value,
  CAST(NULL AS DATE) AS expires_date
FROM owned AS o
JOIN risk_ages AS g
  ON g.category = o.category
WHERE
  DATEDIFF(o.day, o.born) >= g.from_days AND DATEDIFF(o.day, o.born) < g.to_days
UNION ALL
SELECT
  c.day,
  c.customer_id,
  'trade_in_valuation' AS point,
  h.asset_id,
  NULL AS order_id,
  h.seen_date,
  DATEDIFF(c.day, h.seen_date) AS value,
  CAST(h.seen_date + INTERVAL '180' DAY AS DATE) AS expires_date
FROM happened AS h
JOIN risk_clients AS c
  ON c.customer_id = h.customer_id AND h.seen_date <= c.day
WHERE
  h.kind = 'appraisal' AND DATEDIFF(c.day, h.seen_date) < 180
UNION ALL
SELECT
  c.day,
  c.customer_id,
  'service_book_taken' AS point,
  h.asset_id,
  NULL AS order_id,
  h.seen_date,
  DATEDIFF(c.day, h.seen_date) AS value,
  CAST(h.seen_date + INTERVAL '365' DAY AS DATE) AS expires_date
FROM happened AS h
JOIN risk_clients AS c
  ON c.customer_id = h.customer_id AND h.seen_date <= c.day
WHERE
  h.kind = 'service_book_taken'
  AND DATEDIFF(c.day, h.seen_date) < 365
  AND c.last_date <= h.seen_date
