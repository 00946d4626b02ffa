SELECT
  CAST(BROUND(CAST(FLOOR(PERCENTILE(h.milli_hours, 0.5) + 0.5) AS DOUBLE)) AS BIGINT) AS milli_hours
FROM orders AS o
JOIN load_hours AS h
  ON h.order_id = o.order_id
WHERE
  o.accepted_date <= CAST('2026-06-30' AS DATE)
  AND DATEDIFF(CAST('2026-06-30' AS DATE), o.accepted_date) < 365
