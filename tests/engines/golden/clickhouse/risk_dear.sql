SELECT
  day,
  category,
  quantileExactInclusive(0.9)(revenue) AS dear
FROM risk_orders
WHERE
  NOT (
    done_date IS NULL
  ) AND revenue > 0
GROUP BY
  day,
  category
HAVING
  CAST(COUNT(*) AS Nullable(Int64)) >= 20
