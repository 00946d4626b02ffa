SELECT
  day,
  category,
  PERCENTILE(revenue, 0.9) AS dear
FROM risk_orders
WHERE
  NOT done_date IS NULL AND revenue > 0
GROUP BY
  day,
  category
HAVING
  COUNT(*) >= 20
