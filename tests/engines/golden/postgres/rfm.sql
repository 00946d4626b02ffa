SELECT
  customer_id,
  recency_days,
  frequency,
  money,
  rfm_r,
  rfm_f,
  rfm_m,
  CASE
    WHEN 5 <> 5
    THEN NULL
    WHEN rfm_r = 5 AND rfm_f = 5 AND rfm_m = 5
    THEN 'champions'
    WHEN rfm_r BETWEEN 3 AND 5 AND rfm_f BETWEEN 3 AND 5 AND rfm_m BETWEEN 2 AND 5
    THEN 'potential_loyalist'
    WHEN rfm_r BETWEEN 2 AND 4 AND rfm_f BETWEEN 2 AND 4 AND rfm_m BETWEEN 2 AND 4
    THEN 'loyal_customers'
    WHEN rfm_r BETWEEN 3 AND 4 AND rfm_f BETWEEN 1 AND 3 AND rfm_m BETWEEN 3 AND 5
    THEN 'promising'
    WHEN rfm_r BETWEEN 4 AND 5 AND rfm_f BETWEEN 1 AND 3 AND rfm_m BETWEEN 1 AND 5
    THEN 'new_customers'
    WHEN rfm_r BETWEEN 1 AND 2 AND rfm_f BETWEEN 3 AND 4 AND rfm_m BETWEEN 4 AND 5
    THEN 'cant_lose'
    WHEN rfm_r BETWEEN 1 AND 2 AND rfm_f BETWEEN 2 AND 5 AND rfm_m BETWEEN 4 AND 5
    THEN 'at_risk'
    WHEN rfm_r BETWEEN 1 AND 3 AND rfm_f BETWEEN 3 AND 5 AND rfm_m BETWEEN 3 AND 5
    THEN 'need_attention'
    WHEN rfm_r BETWEEN 2 AND 3 AND rfm_f BETWEEN 1 AND 3 AND rfm_m BETWEEN 1 AND 4
    THEN 'about_to_sleep'
    WHEN rfm_r = 1
    THEN 'lost'
    ELSE 'hibernating'
  END AS rfm_segment,
  CASE
    WHEN rfm_r * 3 > 2 * 5
    THEN 'recent'
    WHEN rfm_r * 2 > 5
    THEN 'cooling'
    ELSE 'cold'
  END AS reading,
  third_r * 100 + third_f * 10 + third_m AS rfm27,
  CASE
    WHEN third_r * 100 + third_f * 10 + third_m IN (333, 332, 323, 233)
    THEN 'best'
    WHEN third_r = 1 AND third_f + third_m >= 4
    THEN 'sleeping'
    WHEN third_r * 100 + third_f * 10 + third_m IN (111, 112, 121, 211)
    THEN 'worst'
    ELSE 'normal'
  END AS group27
FROM rfm_grades
