-- runs: when the present unbroken run of each client began: his first visit, or his last return after a silence
-- longer than his limit.
-- Needs: client_days, limits.
-- Gives: customer_id, run_days (days ago).
SELECT
    c.customer_id,
    date_diff(
        'day',
        MAX(CASE WHEN c.gap_days IS NULL OR c.gap_days > l.limit_days + 0.01 THEN c.visit_date END),
        $asof
    ) AS run_days
FROM client_days AS c
JOIN limits AS l ON l.customer_id = c.customer_id AND l.day = $asof
GROUP BY c.customer_id
