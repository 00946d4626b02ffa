-- service_estimates: one row an order with an estimate that the client approved: the last of them.
-- Needs: estimates.
-- Gives: order_id, approved (money).
WITH numbered AS (
    SELECT
        order_id,
        amount,
        ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY estimates.at DESC, approved_at DESC, amount DESC) AS place
    FROM estimates
    WHERE epoch(approved_at) < $asof_until
)
SELECT order_id, amount AS approved
FROM numbered
WHERE place = 1
