SELECT
  order_id,
  CAST(SUM(CAST(BROUND(CAST(FLOOR(norm_hours * 1000 + 0.5) AS DOUBLE)) AS BIGINT)) AS BIGINT) AS milli_hours
FROM lines
WHERE
  norm_hours > 0 AND (
    state IS NULL OR state <> 'declined'
  )
GROUP BY
  order_id
