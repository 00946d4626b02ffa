SELECT
  measure,
  kind,
  CAST(BROUND(CAST(CEIL(CAST(place * 100 AS DOUBLE) / CAST(n_clients AS DOUBLE)) AS DOUBLE)) AS BIGINT) AS hundredth,
  COUNT(*) AS n_clients,
  CAST(SUM(amount) AS BIGINT) AS amount
FROM value_abc
GROUP BY
  measure,
  kind,
  CAST(BROUND(CAST(CEIL(CAST(place * 100 AS DOUBLE) / CAST(n_clients AS DOUBLE)) AS DOUBLE)) AS BIGINT)
