WITH sales AS (
  SELECT
    asset_id,
    sold_at
  FROM assets
  WHERE
    NOT sold_at IS NULL
    AND (
      CAST(CAST('2026-06-30' AS DATE) AS DATE) - CAST(sold_at AS DATE)
    ) BETWEEN 365 AND 729
), came AS (
  SELECT DISTINCT
    s.asset_id
  FROM sales AS s
  JOIN orders AS o
    ON o.asset_id = s.asset_id
  WHERE
    (
      CAST(o.accepted_date AS DATE) - CAST(s.sold_at AS DATE)
    ) BETWEEN 0 AND 364
    AND (
      o.department IS NULL OR o.department <> 'sales'
    )
    AND (
      o.kind IS NULL OR o.kind <> 'sale'
    )
    AND (
      o.outcome IS NULL OR o.outcome <> 'cancelled'
    )
)
SELECT
  COUNT(*) AS sold,
  COUNT(c.asset_id) AS serviced
FROM sales AS s
LEFT JOIN came AS c
  ON c.asset_id = s.asset_id
