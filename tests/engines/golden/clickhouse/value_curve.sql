SELECT
  measure,
  kind,
  CAST(round(
    CEIL(CAST(place * 100 AS Nullable(Float64)) / CAST(n_clients AS Nullable(Float64)))
  ) AS Nullable(Int64)) AS hundredth,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_clients,
  CAST(SUM(amount) AS Nullable(Int64)) AS amount
FROM value_abc
GROUP BY
  measure,
  kind,
  CAST(round(
    CEIL(CAST(place * 100 AS Nullable(Float64)) / CAST(n_clients AS Nullable(Float64)))
  ) AS Nullable(Int64))
