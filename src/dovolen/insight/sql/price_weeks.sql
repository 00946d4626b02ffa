-- price_weeks: orders and revenue of each kind of asset by week, for comparing before and after a change of price.
-- Needs: orders, assets.
-- Gives: week (its Monday), category, brand, n_orders (counted), revenue (minor units, not cancelled).
SELECT
    CAST(date_trunc('week', o.accepted_date) AS DATE) AS week,
    a.category,
    a.brand,
    CAST(SUM(CASE WHEN o.revenue IS NULL OR o.revenue >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS n_orders,
    CAST(coalesce(SUM(o.revenue), 0) AS BIGINT) AS revenue
FROM orders AS o
LEFT JOIN assets AS a ON a.asset_id = o.asset_id
WHERE o.accepted_date <= $asof AND (o.outcome IS NULL OR o.outcome <> 'cancelled')
GROUP BY CAST(date_trunc('week', o.accepted_date) AS DATE), a.category, a.brand
