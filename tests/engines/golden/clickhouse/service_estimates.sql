WITH numbered AS (
  SELECT
    order_id,
    amount,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY estimates.at DESC, approved_at DESC, amount DESC) AS Nullable(Int64)) AS place
  FROM estimates
  WHERE
    (
      toUnixTimestamp64Micro(CAST(approved_at AS Nullable(DateTime64(6, 'UTC')))) / 1e6
    ) < CAST(1782853200.0 AS Nullable(Float64))
)
SELECT
  order_id,
  amount AS approved
FROM numbered
WHERE
  place = 1
