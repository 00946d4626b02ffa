SELECT
  v.customer_id,
  v.recency_days,
  v.frequency,
  v.money,
  t.*
FROM rfm_values AS v
JOIN day_categories AS c
  ON c.customer_id = v.customer_id AND c.day = CAST('2026-06-30' AS DATE)
JOIN rfm_category_cuts AS t
  ON t.category = c.category
