SELECT
  CAST(FLOOR(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
    h.milli_hours) + 0.5) AS BIGINT) AS milli_hours
FROM orders AS o
JOIN load_hours AS h
  ON h.order_id = o.order_id
WHERE
  o.accepted_date <= CAST('2026-06-30' AS DATE)
  AND (
    CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(o.accepted_date AS DATE)
  ) < 365
