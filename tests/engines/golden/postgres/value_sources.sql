WITH told AS (
  SELECT
    c.source,
    CAST(CAST(DATE_TRUNC('month', f.first_date) AS DATE) AS DATE) AS month,
    1 AS n_new,
    CAST(NULL AS BIGINT) AS spent
  FROM customer_orders AS f
  LEFT JOIN customers AS c
    ON c.customer_id = f.customer_id
  WHERE
    NOT f.first_date IS NULL
  UNION ALL
  SELECT
    source,
    CAST(CAST(DATE_TRUNC('month', month) AS DATE) AS DATE) AS month,
    0 AS n_new,
    amount AS spent
  FROM spend
  WHERE
    month <= CAST('2026-06-30' AS DATE)
)
SELECT
  source,
  month,
  CAST(SUM(n_new) AS BIGINT) AS n_new,
  CAST(SUM(spent) AS BIGINT) AS spent
FROM told
GROUP BY
  source,
  month
