SELECT
  CAST(SUM(
    CAST(BROUND(CAST(FLOOR(cost * COALESCE(quantity, 1) + 0.5) AS DOUBLE)) AS BIGINT)
  ) AS BIGINT) AS cost,
  CAST(SUM(CAST(BROUND(CAST(FLOOR(norm_hours * 1000 + 0.5) AS DOUBLE)) AS BIGINT)) AS BIGINT) AS milli_hours
FROM lines
WHERE
  kind = 'labour' AND cost > 0 AND norm_hours > 0
