-- best_windows: the best eight consecutive ISO weeks of a busy client.
-- Needs: bring_weeks.
-- Gives: day, customer_id, brought (assets in that window; windows with under four weeks of orders do not count).
-- A window may end at a week with an order: ending later never holds more.
-- Keep.
WITH windows AS (
    SELECT
        day,
        customer_id,
        CAST(SUM(brought) OVER (
            PARTITION BY day, customer_id ORDER BY week_number RANGE BETWEEN 7 PRECEDING AND CURRENT ROW
        ) AS BIGINT) AS brought,
        COUNT(*) OVER (
            PARTITION BY day, customer_id ORDER BY week_number RANGE BETWEEN 7 PRECEDING AND CURRENT ROW
        ) AS n_weeks
    FROM bring_weeks
)
SELECT day, customer_id, MAX(brought) AS brought
FROM windows
WHERE n_weeks >= 4
GROUP BY day, customer_id
