SELECT
  day,
  category,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY
    revenue) AS dear
FROM risk_orders
WHERE
  NOT done_date IS NULL AND revenue > 0
GROUP BY
  day,
  category
HAVING
  COUNT(*) >= 20
