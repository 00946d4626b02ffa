SELECT
  v.customer_id,
  v.recency_days,
  v.frequency,
  v.money,
  t.*
FROM rfm_values AS v
CROSS JOIN rfm_thresholds AS t
