SELECT
  customer_id,
  recency_days,
  frequency,
  money,
  CAST(5 AS BIGINT) - CASE WHEN recency_days > r_1 + 0.01 THEN 1 ELSE 0 END - CASE WHEN 5 > 2 AND recency_days > r_2 + 0.01 THEN 1 ELSE 0 END - CASE WHEN 5 > 3 AND recency_days > r_3 + 0.01 THEN 1 ELSE 0 END - CASE WHEN 5 > 4 AND recency_days > r_4 + 0.01 THEN 1 ELSE 0 END AS rfm_r,
  CAST(1 AS BIGINT) + CASE WHEN frequency > f_1 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 2 AND frequency > f_2 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 3 AND frequency > f_3 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 4 AND frequency > f_4 + 0.01 THEN 1 ELSE 0 END AS rfm_f,
  CAST(1 AS BIGINT) + CASE WHEN money > m_1 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 2 AND money > m_2 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 3 AND money > m_3 + 0.01 THEN 1 ELSE 0 END + CASE WHEN 5 > 4 AND money > m_4 + 0.01 THEN 1 ELSE 0 END AS rfm_m,
  CAST(3 AS BIGINT) - CASE WHEN recency_days > r_third + 0.01 THEN 1 ELSE 0 END - CASE WHEN recency_days > r_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_r,
  CAST(1 AS BIGINT) + CASE WHEN frequency > f_third + 0.01 THEN 1 ELSE 0 END + CASE WHEN frequency > f_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_f,
  CAST(1 AS BIGINT) + CASE WHEN money > m_third + 0.01 THEN 1 ELSE 0 END + CASE WHEN money > m_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_m
FROM rfm_measured
