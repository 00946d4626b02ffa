-- queue_workdays: on how many of the last $pace_days days anything was finished. One row.
-- Needs: orders.
-- Gives: n_days.
SELECT COUNT(DISTINCT ready_date) AS n_days
FROM orders
WHERE ready_date <= $asof AND date_diff('day', ready_date, $asof) < $pace_days
