-- frequency_bands: how often clients came in the last 365 days and what each visit and each year brought.
-- Needs: customer_visits.
-- Gives: band (18_up, 6_17, 2_5, 1), clients, visits, orders, revenue.
SELECT
    band,
    COUNT(*) AS clients,
    CAST(SUM(visits_365) AS BIGINT) AS visits,
    CAST(SUM(orders_365) AS BIGINT) AS orders,
    CAST(SUM(revenue_365) AS BIGINT) AS revenue
FROM customer_visits
WHERE band IS NOT NULL
GROUP BY band
