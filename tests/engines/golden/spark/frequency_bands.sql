SELECT
  band,
  COUNT(*) AS clients,
  CAST(SUM(visits_365) AS BIGINT) AS visits,
  CAST(SUM(orders_365) AS BIGINT) AS orders,
  CAST(SUM(revenue_365) AS BIGINT) AS revenue
FROM customer_visits
WHERE
  NOT band IS NULL
GROUP BY
  band
