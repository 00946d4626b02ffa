SELECT
  CAST(CAST(DATE_TRUNC('month', warranty_until) AS DATE) AS DATE) AS month,
  COUNT(*) AS n_assets,
  COUNT(DISTINCT customer_id) AS n_clients
FROM assets
WHERE
  warranty_until > CAST('2026-06-30' AS DATE)
  AND (
    CAST(warranty_until AS DATE) - CAST(CAST('2026-06-30' AS DATE) AS DATE)
  ) <= 90
  AND (
    left_at IS NULL OR left_at > CAST('2026-06-30' AS DATE)
  )
GROUP BY
  CAST(CAST(DATE_TRUNC('month', warranty_until) AS DATE) AS DATE)
