SELECT
  name,
  CAST(BROUND(CAST(FLOOR(PERCENTILE(norm_hours, 0.5) * 1000 + 0.5) AS DOUBLE)) AS BIGINT) AS milli_hours
FROM lines
WHERE
  norm_hours > 0 AND NOT name IS NULL
GROUP BY
  name
