SELECT
  r.day AS day,
  r.customer_id AS customer_id,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_done,
  CAST(COUNT(r.promised_at) AS Nullable(Int64)) AS n_promised,
  CAST(COUNT(r.late_hours) AS Nullable(Int64)) AS n_late,
  CAST(COUNT(DISTINCT r.asset_id) AS Nullable(Int64)) AS n_assets,
  CAST(COUNT(s.satisfaction) AS Nullable(Int64)) AS n_scored,
  CAST(SUM(s.satisfaction) AS Nullable(Int64)) AS score_sum
FROM risk_orders AS r
LEFT JOIN order_scores AS s
  ON s.order_id = r.order_id
  AND s.low_confidence = 0
  AND dateDiff('day', s.scored_date, r.day) >= 90
WHERE
  NOT (
    r.done_date IS NULL
  )
GROUP BY
  r.day,
  r.customer_id
