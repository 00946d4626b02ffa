WITH numbered AS (
  SELECT
    order_id,
    amount,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY order_id
      ORDER BY estimates.at DESC NULLS LAST, approved_at DESC NULLS LAST, amount DESC NULLS LAST
    ) AS BIGINT) AS place
  FROM estimates
  WHERE
    DATE_PART('epoch', approved_at) < CAST(1782853200.0 AS DOUBLE PRECISION)
)
SELECT
  order_id,
  amount AS approved
FROM numbered
WHERE
  place = 1
