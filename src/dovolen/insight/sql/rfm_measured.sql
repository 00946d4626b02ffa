-- rfm_measured: what each client is graded by, beside the cuts he is graded with.
-- Needs: rfm_values, rfm_thresholds.
-- Gives: customer_id, recency_days, frequency, money, and the columns of rfm_thresholds.
SELECT v.customer_id, v.recency_days, v.frequency, v.money, t.*
FROM rfm_values AS v
CROSS JOIN rfm_thresholds AS t
