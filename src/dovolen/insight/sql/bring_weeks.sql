-- bring_weeks: what a busy client brought in each ISO week, as known on each day asked about.
-- Needs: billed, day_customers.
-- Gives: day, customer_id, week_number (whole weeks since Monday 1970-01-05), brought (different assets; an order with
--        no asset known counts one).
-- Only clients with enough orders to fill the best window are looked at.
SELECT
    d.day,
    b.customer_id,
    CAST(floor(date_diff('day', CAST('1970-01-05' AS DATE), b.accepted_date) / 7.0) AS BIGINT) AS week_number,
    COUNT(DISTINCT b.asset_id) + CAST(SUM(CASE WHEN b.asset_id IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS brought
FROM billed AS b
JOIN day_customers AS d
    ON d.customer_id = b.customer_id AND b.accepted_date <= d.day
WHERE b.counted = 1 AND d.n_orders >= $window_assets
GROUP BY
    d.day,
    b.customer_id,
    CAST(floor(date_diff('day', CAST('1970-01-05' AS DATE), b.accepted_date) / 7.0) AS BIGINT)
