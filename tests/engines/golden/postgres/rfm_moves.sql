SELECT
  a.customer_id,
  b.rfm_r AS r_before,
  b.rfm_segment AS segment_before,
  a.rfm_r AS r_after,
  a.rfm_segment AS segment_after,
  a.money,
  a.recency_days,
  CASE
    WHEN b.rfm_r = 5 AND b.rfm_f = 5 AND b.rfm_m = 5 AND a.rfm_r < 5
    THEN 1
    ELSE 0
  END AS fell
FROM rfm AS a
LEFT JOIN rfm_before AS b
  ON b.customer_id = a.customer_id
