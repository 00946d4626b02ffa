WITH earliest AS (
  SELECT
    customer_id,
    asset_id,
    MIN(accepted_date) AS since
  FROM billed
  WHERE
    counted = 1 AND NOT (
      asset_id IS NULL
    )
  GROUP BY
    customer_id,
    asset_id
)
SELECT
  d.day AS day,
  e.customer_id AS customer_id,
  CAST(COUNT(*) AS Nullable(Int64)) AS n_assets
FROM earliest AS e
JOIN days AS d
  ON e.since <= d.day
GROUP BY
  d.day,
  e.customer_id
