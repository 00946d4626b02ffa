WITH told AS (
  SELECT
    c.source AS source,
    CAST(toStartOfMonth(f.first_date) AS Nullable(Date32)) AS month,
    1 AS n_new,
    CAST(NULL AS Nullable(Int64)) AS spent
  FROM customer_orders AS f
  LEFT JOIN customers AS c
    ON c.customer_id = f.customer_id
  WHERE
    NOT (
      f.first_date IS NULL
    )
  UNION ALL
  SELECT
    source,
    CAST(toStartOfMonth(month) AS Nullable(Date32)) AS month,
    0 AS n_new,
    amount AS spent
  FROM spend
  WHERE
    month <= CAST('2026-06-30' AS Nullable(Date32))
)
SELECT
  source,
  month,
  CAST(SUM(n_new) AS Nullable(Int64)) AS n_new,
  CAST(SUM(spent) AS Nullable(Int64)) AS spent
FROM told
GROUP BY
  source,
  month
