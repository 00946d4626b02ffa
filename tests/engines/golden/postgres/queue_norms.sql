SELECT
  name,
  CAST(FLOOR(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
    norm_hours) * 1000 + 0.5) AS BIGINT) AS milli_hours
FROM lines
WHERE
  norm_hours > 0 AND NOT name IS NULL
GROUP BY
  name
