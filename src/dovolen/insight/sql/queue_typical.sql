-- queue_typical: the usual norm-hours of one order, for orders whose work is not written yet. One row.
-- Needs: orders, load_hours.
-- Gives: milli_hours (median over orders of the last 365 days that tell it; null when none does).
SELECT CAST(floor(quantile_cont(h.milli_hours, 0.5) + 0.5) AS BIGINT) AS milli_hours
FROM orders AS o
JOIN load_hours AS h ON h.order_id = o.order_id
WHERE o.accepted_date <= $asof AND date_diff('day', o.accepted_date, $asof) < 365
