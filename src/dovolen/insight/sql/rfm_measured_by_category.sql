-- rfm_measured_by_category: the same where each category of asset has cuts of its own; it takes the place of
-- rfm_measured when the settings say so.
-- Needs: rfm_values, day_categories, rfm_category_cuts (category and the columns of rfm_thresholds; a row for every
--        category of the base).
-- Gives: as rfm_measured.
SELECT v.customer_id, v.recency_days, v.frequency, v.money, t.*
FROM rfm_values AS v
JOIN day_categories AS c ON c.customer_id = v.customer_id AND c.day = $asof
JOIN rfm_category_cuts AS t ON t.category = c.category
