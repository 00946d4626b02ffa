SELECT
  v.customer_id,
  v.recency_days,
  v.frequency,
  v.money,
  CAST(5 AS BIGINT) - CASE WHEN v.recency_days > t.r_1 + 0.01 THEN 1 ELSE 0 END - CASE WHEN 5 > 2 AND v.recency_days > t.r_2 + 0.01 THEN 1 ELSE 0 END - CASE WHEN 5 > 3 AND v.recency_days > t.r_3 + 0.01 THEN 1 ELSE 0 END - CASE WHEN 5 > 4 AND v.recency_days > t.r_4 + 0.01 THEN 1 ELSE 0 END AS rfm_r,
  CAST(1 AS BIGINT) + CASE WHEN v.frequency > t.f_1 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 2 AND v.frequency > t.f_2 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 3 AND v.frequency > t.f_3 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 4 AND v.frequency > t.f_4 + 0.01 THEN 1 ELSE 0 END AS rfm_f,
  CAST(1 AS BIGINT) + CASE WHEN v.money > t.m_1 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 2 AND v.money > t.m_2 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 3 AND v.money > t.m_3 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 4 AND v.money > t.m_4 + 0.01 THEN 1 ELSE 0 END AS rfm_m,
  CAST(3 AS BIGINT) - CASE WHEN v.recency_days > t.r_third + 0.01 THEN 1 ELSE 0 END - CASE WHEN v.recency_days > t.r_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_r,
  CAST(1 AS BIGINT) + CASE WHEN v.frequency > t.f_third + 0.01 THEN 1 ELSE 0 END + CASE WHEN v.frequency > t.f_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_f,
  CAST(1 AS BIGINT) + CASE WHEN v.money > t.m_third + 0.01 THEN 1 ELSE 0 END + CASE WHEN v.money > t.m_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_m
FROM rfm_values AS v
CROSS JOIN rfm_thresholds AS t
