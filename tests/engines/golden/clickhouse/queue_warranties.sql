SELECT
  CAST(toStartOfMonth(warranty_until) AS Nullable(Date32)) AS month,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_assets,
  CAST(COUNT(DISTINCT customer_id) AS Nullable(Int64)) AS n_clients
FROM assets
WHERE
  warranty_until > CAST('2026-06-30' AS Nullable(Date32))
  AND dateDiff('day', CAST('2026-06-30' AS Nullable(Date32)), warranty_until) <= 90
  AND (
    left_at IS NULL OR left_at > CAST('2026-06-30' AS Nullable(Date32))
  )
GROUP BY
  CAST(toStartOfMonth(warranty_until) AS Nullable(Date32))
