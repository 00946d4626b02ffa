-- sold_assets: of the assets we sold a year or two ago, how many came for service within a year of the sale. One row.
-- Needs: assets, orders.
-- Gives: sold (assets sold in (asof - 730, asof - 365]), serviced.
WITH sales AS (
    SELECT asset_id, sold_at
    FROM assets
    WHERE sold_at IS NOT NULL AND date_diff('day', sold_at, $asof) BETWEEN 365 AND 729
),
came AS (
    SELECT DISTINCT s.asset_id
    FROM sales AS s
    JOIN orders AS o ON o.asset_id = s.asset_id
    WHERE date_diff('day', s.sold_at, o.accepted_date) BETWEEN 0 AND 364
      AND (o.department IS NULL OR o.department <> 'sales')
      AND (o.kind IS NULL OR o.kind <> 'sale')
      AND (o.outcome IS NULL OR o.outcome <> 'cancelled')
)
SELECT COUNT(*) AS sold, COUNT(c.asset_id) AS serviced
FROM sales AS s
LEFT JOIN came AS c ON c.asset_id = s.asset_id
