SELECT
  order_id,
  CAST(SUM(CAST(round(FLOOR(norm_hours * 1000 + 0.5)) AS Nullable(Int64))) AS Nullable(Int64)) AS milli_hours
FROM lines
WHERE
  norm_hours > 0 AND (
    state IS NULL OR state <> 'declined'
  )
GROUP BY
  order_id
