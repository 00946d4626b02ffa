SELECT
  day,
  customer_id,
  point,
  asset_id,
  order_id,
  seen_date,
  value,
  expires_date
FROM risk_of_orders
UNION ALL
SELECT
  day,
  customer_id,
  point,
  asset_id,
  order_id,
  seen_date,
  value,
  expires_date
FROM risk_of_assets
UNION ALL
SELECT
  day,
  customer_id,
  point,
  asset_id,
  order_id,
  seen_date,
  value,
  expires_date
FROM risk_open
UNION ALL
SELECT
  c.day,
  c.customer_id,
  'silent_beyond_rhythm' AS point,
  NULL AS asset_id,
  NULL AS order_id,
  c.last_date AS seen_date,
  l.silent_days AS value,
  CAST(NULL AS DATE) AS expires_date
FROM risk_clients AS c
JOIN limits AS l
  ON l.day = c.day AND l.customer_id = c.customer_id
WHERE
  l.silent_days > l.limit_days + 0.01
UNION ALL
SELECT
  c.day,
  c.customer_id,
  'falls_out_of_best' AS point,
  NULL AS asset_id,
  NULL AS order_id,
  c.last_date AS seen_date,
  f.grade AS value,
  CAST(NULL AS DATE) AS expires_date
FROM risk_clients AS c
JOIN risk_fallen AS f
  ON f.day = c.day AND f.customer_id = c.customer_id
