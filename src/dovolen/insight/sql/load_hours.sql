-- load_hours: norm-hours of work of each order that tells them.
-- Needs: lines.
-- Gives: order_id, milli_hours (thousandths of a norm-hour; a line's norm is of the whole line).
SELECT
    order_id,
    CAST(SUM(CAST(floor(norm_hours * 1000 + 0.5) AS BIGINT)) AS BIGINT) AS milli_hours
FROM lines
WHERE norm_hours > 0 AND (state IS NULL OR state <> 'declined')
GROUP BY order_id
