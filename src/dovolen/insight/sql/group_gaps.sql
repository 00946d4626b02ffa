-- group_gaps: the usual silence of each class × category on each day, and of the whole base (class and category '*').
-- Needs: client_days, days, classes.
-- Gives: day, class, category, n_gaps, gap_quantile (0.9).
-- Keep.
WITH gaps AS (
    SELECT d.day, k.class, k.category, c.gap_days
    FROM client_days AS c
    JOIN days AS d ON c.visit_date <= d.day
    JOIN classes AS k ON k.day = d.day AND k.customer_id = c.customer_id
    WHERE c.gap_days IS NOT NULL
)
SELECT day, class, category, COUNT(*) AS n_gaps, quantile_cont(gap_days, 0.9) AS gap_quantile
FROM gaps
GROUP BY day, class, category
UNION ALL
SELECT day, '*' AS class, '*' AS category, COUNT(*) AS n_gaps, quantile_cont(gap_days, 0.9) AS gap_quantile
FROM gaps
GROUP BY day
