SELECT
  name,
  CAST(round(FLOOR(quantileExactInclusive(0.5)(norm_hours) * 1000 + 0.5)) AS Nullable(Int64)) AS milli_hours
FROM lines
WHERE
  norm_hours > 0 AND NOT (
    name IS NULL
  )
GROUP BY
  name
