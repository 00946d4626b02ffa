WITH sales AS (
  SELECT
    asset_id,
    sold_at
  FROM assets
  WHERE
    NOT (
      sold_at IS NULL
    )
    AND dateDiff('day', sold_at, CAST('2026-06-30' AS Nullable(Date32))) BETWEEN 365 AND 729
), came AS (
  SELECT DISTINCT
    s.asset_id AS asset_id
  FROM sales AS s
  JOIN orders AS o
    ON o.asset_id = s.asset_id
  WHERE
    dateDiff('day', s.sold_at, o.accepted_date) BETWEEN 0 AND 364
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
  CAST(COUNT(*) AS Nullable(Int64)) AS sold,
  CAST(COUNT(c.asset_id) AS Nullable(Int64)) AS serviced
FROM sales AS s
LEFT JOIN came AS c
  ON c.asset_id = s.asset_id
