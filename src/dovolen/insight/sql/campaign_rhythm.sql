-- campaign_rhythm: how many come by themselves in as many days as a campaign is watched: the last such days of the study.
-- Needs: client_days, customers.
-- Gives: clients (served before those days, not blocked), came (of them, with a visit in those days). One row.
WITH known AS (
    SELECT
        d.customer_id,
        MAX(CASE WHEN date_diff('day', d.visit_date, $asof) < $campaign_days THEN 1 ELSE 0 END) AS came,
        MAX(CASE WHEN date_diff('day', d.visit_date, $asof) >= $campaign_days THEN 1 ELSE 0 END) AS had_come
    FROM client_days AS d
    GROUP BY d.customer_id
)
SELECT
    COUNT(*) AS clients,
    CAST(coalesce(SUM(k.came), 0) AS BIGINT) AS came
FROM known AS k
LEFT JOIN customers AS c ON c.customer_id = k.customer_id
WHERE k.had_come = 1 AND (c.blocked_date IS NULL OR c.blocked_date > $asof)
