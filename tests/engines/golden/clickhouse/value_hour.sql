SELECT
  CAST(SUM(CAST(round(FLOOR(cost * COALESCE(quantity, 1) + 0.5)) AS Nullable(Int64))) AS Nullable(Int64)) AS cost,
  CAST(SUM(CAST(round(FLOOR(norm_hours * 1000 + 0.5)) AS Nullable(Int64))) AS Nullable(Int64)) AS milli_hours
FROM lines
WHERE
  kind = 'labour' AND cost > 0 AND norm_hours > 0
