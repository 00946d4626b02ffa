SELECT
  band,
  CAST(COUNT(*) AS Nullable(Int64)) AS clients,
  CAST(SUM(visits_365) AS Nullable(Int64)) AS visits,
  CAST(SUM(orders_365) AS Nullable(Int64)) AS orders,
  CAST(SUM(revenue_365) AS Nullable(Int64)) AS revenue
FROM customer_visits
WHERE
  NOT (
    band IS NULL
  )
GROUP BY
  band
