SELECT
  r.day,
  r.customer_id,
  COUNT(*) AS n_done,
  COUNT(r.promised_at) AS n_promised,
  COUNT(r.late_hours) AS n_late,
  COUNT(DISTINCT r.asset_id) AS n_assets,
  COUNT(s.satisfaction) AS n_scored,
  CAST(SUM(s.satisfaction) AS BIGINT) AS score_sum
FROM risk_orders AS r
LEFT JOIN order_scores AS s
  ON s.order_id = r.order_id
  AND s.low_confidence = 0
  AND DATEDIFF(r.day, s.scored_date) >= 90
WHERE
  NOT r.done_date IS NULL
GROUP BY
  r.day,
  r.customer_id
