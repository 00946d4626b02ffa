SELECT
  v.customer_id AS customer_id,
  v.recency_days AS recency_days,
  v.frequency AS frequency,
  v.money AS money,
  t.*
FROM rfm_values AS v
CROSS JOIN rfm_thresholds AS t
