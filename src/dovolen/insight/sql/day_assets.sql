-- day_assets: how many different assets a client had brought by each day.
-- Needs: billed, days.
-- Gives: day, customer_id, n_assets.
-- Keep.
WITH earliest AS (
    SELECT customer_id, asset_id, MIN(accepted_date) AS since
    FROM billed
    WHERE counted = 1 AND asset_id IS NOT NULL
    GROUP BY customer_id, asset_id
)
SELECT d.day, e.customer_id, COUNT(*) AS n_assets
FROM earliest AS e
JOIN days AS d ON e.since <= d.day
GROUP BY d.day, e.customer_id
