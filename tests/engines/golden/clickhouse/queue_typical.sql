SELECT
  CAST(round(FLOOR(quantileExactInclusive(0.5)(h.milli_hours) + 0.5)) AS Nullable(Int64)) AS milli_hours
FROM orders AS o
JOIN load_hours AS h
  ON h.order_id = o.order_id
WHERE
  o.accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
  AND dateDiff('day', o.accepted_date, CAST('2026-06-30' AS Nullable(Date32))) < 365
