SELECT
  v.customer_id,
  v.recency_days,
  v.frequency,
  v.money,
  t.r_1,
  t.r_2,
  t.r_3,
  t.r_4,
  t.f_1,
  t.f_2,
  t.f_3,
  t.f_4,
  t.m_1,
  t.m_2,
  t.m_3,
  t.m_4,
  t.r_third,
  t.r_two_thirds,
  t.f_third,
  t.f_two_thirds,
  t.m_third,
  t.m_two_thirds
FROM rfm_values AS v
JOIN day_categories AS c
  ON c.customer_id = v.customer_id AND c.day = CAST('2026-06-30' AS DATE)
JOIN rfm_category_cuts AS t
  ON t.category = c.category
