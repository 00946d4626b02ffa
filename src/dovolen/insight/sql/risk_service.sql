-- risk_service: how each client was served in the 365 days to each day asked about, and what he had done.
-- Needs: risk_orders, order_scores.
-- Gives: day, customer_id, n_done, n_promised, n_late, n_assets, n_scored, score_sum (settled scores, those that nothing
--        later may change).
SELECT
    r.day,
    r.customer_id,
    COUNT(*) AS n_done,
    COUNT(r.promised_at) AS n_promised,
    COUNT(r.late_hours) AS n_late,
    COUNT(DISTINCT r.asset_id) AS n_assets,
    COUNT(s.satisfaction) AS n_scored,
    CAST(SUM(s.satisfaction) AS BIGINT) AS score_sum
FROM risk_orders AS r
LEFT JOIN order_scores AS s
    ON s.order_id = r.order_id AND s.low_confidence = 0
    AND date_diff('day', s.scored_date, r.day) >= $risk_score_settles
WHERE r.done_date IS NOT NULL
GROUP BY r.day, r.customer_id
