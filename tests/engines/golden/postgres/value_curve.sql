SELECT
  measure,
  kind,
  CAST(CEIL(CAST(place * 100 AS DOUBLE PRECISION) / CAST(n_clients AS DOUBLE PRECISION)) AS BIGINT) AS hundredth,
  COUNT(*) AS n_clients,
  CAST(SUM(amount) AS BIGINT) AS amount
FROM value_abc
GROUP BY
  measure,
  kind,
  CAST(CEIL(CAST(place * 100 AS DOUBLE PRECISION) / CAST(n_clients AS DOUBLE PRECISION)) AS BIGINT)
