-- queue_warranties: assets whose warranty ends within 90 days after the day of the study, by month.
-- Needs: assets.
-- Gives: month (its first day), n_assets, n_clients; assets that left the base are left out.
SELECT
    CAST(date_trunc('month', warranty_until) AS DATE) AS month,
    COUNT(*) AS n_assets,
    COUNT(DISTINCT customer_id) AS n_clients
FROM assets
WHERE warranty_until > $asof
  AND date_diff('day', $asof, warranty_until) <= 90
  AND (left_at IS NULL OR left_at > $asof)
GROUP BY CAST(date_trunc('month', warranty_until) AS DATE)
