-- comebacks: the latest day, within half a year, on which a client came back after a silence longer than the limit
-- that held then: his own earlier rhythm when he had four visits before, else his group's.
-- Needs: client_days, limits.
-- Gives: day, customer_id, comeback_date.
WITH candidates AS (
    SELECT l.day, c.customer_id, c.visit_date, c.gap_days, l.group_limit
    FROM client_days AS c
    JOIN limits AS l ON l.customer_id = c.customer_id
    WHERE c.gap_days > $limit_floor
      AND date_diff('day', c.visit_date, l.day) BETWEEN 0 AND 180
),
judged AS (
    SELECT
        a.day,
        a.customer_id,
        a.visit_date,
        a.gap_days,
        a.group_limit,
        CASE WHEN SUM(e.n_visits) >= 4 THEN quantile_cont(e.gap_days, 0.9) END AS own_quantile
    FROM candidates AS a
    JOIN client_days AS e ON e.customer_id = a.customer_id AND e.visit_date < a.visit_date
    GROUP BY a.day, a.customer_id, a.visit_date, a.gap_days, a.group_limit
)
SELECT day, customer_id, MAX(visit_date) AS comeback_date
FROM judged
WHERE gap_days > greatest($limit_floor, coalesce(own_quantile, group_limit)) + 0.01
GROUP BY day, customer_id
