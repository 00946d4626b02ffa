WITH measured AS (
  SELECT
    'revenue' AS measure,
    v.customer_id AS customer_id,
    COALESCE(f.kind, 'unknown') AS kind,
    v.revenue AS amount
  FROM value_clients AS v
  JOIN customer_facts AS f
    ON f.customer_id = v.customer_id
  WHERE
    v.n_orders > 0 AND NOT (
      v.revenue IS NULL
    )
  UNION ALL
  SELECT
    'margin' AS measure,
    v.customer_id AS customer_id,
    COALESCE(f.kind, 'unknown') AS kind,
    v.margin AS amount
  FROM value_clients AS v
  JOIN customer_facts AS f
    ON f.customer_id = v.customer_id
  WHERE
    v.n_orders > 0 AND NOT (
      v.margin IS NULL
    )
), summed AS (
  SELECT
    measure,
    customer_id,
    kind,
    amount,
    CAST(ROW_NUMBER() OVER (PARTITION BY measure, kind ORDER BY amount DESC, customer_id) AS Nullable(Int64)) AS place,
    CAST(COUNT(*) OVER (PARTITION BY measure, kind) AS Nullable(Int64)) AS n_clients,
    CAST(SUM(GREATEST(amount, 0)) OVER (PARTITION BY measure, kind) AS Nullable(Int64)) AS total,
    CAST(SUM(GREATEST(amount, 0)) OVER (
      PARTITION BY measure, kind
      ORDER BY amount DESC, customer_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS Nullable(Int64)) AS upto
  FROM measured
)
SELECT
  measure,
  customer_id,
  kind,
  amount,
  place,
  n_clients,
  CAST(round(upto - GREATEST(amount, 0)) AS Nullable(Int64)) AS before,
  CAST(round(total) AS Nullable(Int64)) AS total
FROM summed
