SELECT
  CAST(TRUNC(warranty_until, 'month') AS DATE) AS month,
  COUNT(*) AS n_assets,
  COUNT(DISTINCT customer_id) AS n_clients
FROM assets
WHERE
  warranty_until > CAST('2026-06-30' AS DATE)
  AND DATEDIFF(warranty_until, CAST('2026-06-30' AS DATE)) <= 90
  AND (
    left_at IS NULL OR left_at > CAST('2026-06-30' AS DATE)
  )
GROUP BY
  CAST(TRUNC(warranty_until, 'month') AS DATE)
