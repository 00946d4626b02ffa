WITH numbered AS (
  SELECT
    order_id,
    amount,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY estimates.at DESC, approved_at DESC, amount DESC) AS BIGINT) AS place
  FROM estimates
  WHERE
    (
      CAST(UNIX_MICROS(CAST(approved_at AS TIMESTAMP_LTZ)) AS DOUBLE) / 1e6
    ) < CAST(1782853200.0 AS DOUBLE)
)
SELECT
  order_id,
  amount AS approved
FROM numbered
WHERE
  place = 1
