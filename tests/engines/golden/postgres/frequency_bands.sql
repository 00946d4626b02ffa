SELECT
  CASE
    WHEN visits_365 >= 18
    THEN '18_up'
    WHEN visits_365 >= 6
    THEN '6_17'
    WHEN visits_365 >= 2
    THEN '2_5'
    ELSE '1'
  END AS band,
  COUNT(*) AS clients,
  CAST(SUM(visits_365) AS BIGINT) AS visits,
  CAST(SUM(orders_365) AS BIGINT) AS orders,
  CAST(SUM(revenue_365) AS BIGINT) AS revenue
FROM customer_visits
WHERE
  visits_365 > 0
GROUP BY
  CASE
    WHEN visits_365 >= 18
    THEN '18_up'
    WHEN visits_365 >= 6
    THEN '6_17'
    WHEN visits_365 >= 2
    THEN '2_5'
    ELSE '1'
  END
