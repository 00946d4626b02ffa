-- risk_dear: from what sum a paid order counts as dear in its category, on each day asked about.
-- Needs: risk_orders.
-- Gives: day, category, dear (minor units, a quantile of the year's paid orders; categories with under 20 have none).
SELECT day, category, quantile_cont(revenue, $risk_dear) AS dear
FROM risk_orders
WHERE done_date IS NOT NULL AND revenue > 0
GROUP BY day, category
HAVING COUNT(*) >= 20
