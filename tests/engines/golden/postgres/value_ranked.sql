WITH measured AS (
  SELECT
    'revenue' AS measure,
    v.customer_id,
    COALESCE(f.kind, 'unknown') AS kind,
    v.revenue AS amount
  FROM value_clients AS v
  JOIN customer_facts AS f
    ON f.customer_id = v.customer_id
  WHERE
    v.n_orders > 0 AND NOT v.revenue IS NULL
  UNION ALL
  SELECT
    'margin' AS measure,
    v.customer_id,
    COALESCE(f.kind, 'unknown') AS kind,
    v.margin AS amount
  FROM value_clients AS v
  JOIN customer_facts AS f
    ON f.customer_id = v.customer_id
  WHERE
    v.n_orders > 0 AND NOT v.margin IS NULL
), summed AS (
  SELECT
    measure,
    customer_id,
    kind,
    amount,
    CAST(ROW_NUMBER() OVER (PARTITION BY measure, kind ORDER BY amount DESC NULLS LAST, customer_id) AS BIGINT) AS place,
    CAST(COUNT(*) OVER (PARTITION BY measure, kind) AS BIGINT) AS n_clients,
    CAST(SUM(GREATEST(amount, 0)) OVER (PARTITION BY measure, kind) AS BIGINT) AS total,
    CAST(SUM(GREATEST(amount, 0)) OVER (
      PARTITION BY measure, kind
      ORDER BY amount DESC NULLS LAST, customer_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS upto
  FROM measured
)
SELECT
  measure,
  customer_id,
  kind,
  amount,
  place,
  n_clients,
  CAST(upto - GREATEST(amount, 0) AS BIGINT) AS before,
  CAST(total AS BIGINT) AS total
FROM summed
