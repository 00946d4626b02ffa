-- rfm_values: recency, frequency and money of every client with a counted order in the window.
-- Needs: billed.
-- Gives: customer_id, recency_days (asof - last counted order), frequency (counted orders), money (minor units).
-- Keep.
SELECT
    customer_id,
    date_diff('day', MAX(CASE WHEN counted = 1 THEN accepted_date END), $asof) AS recency_days,
    COUNT(CASE WHEN counted = 1 THEN 1 END) AS frequency,
    CASE
        WHEN $rfm_money = 'average'
            THEN CAST(SUM(worth) / greatest(1, COUNT(CASE WHEN counted = 1 THEN 1 END)) AS BIGINT)
        ELSE CAST(SUM(worth) AS BIGINT)
    END AS money
FROM billed
WHERE accepted_date > $rfm_since AND accepted_date <= $asof
GROUP BY customer_id
HAVING COUNT(CASE WHEN counted = 1 THEN 1 END) > 0
