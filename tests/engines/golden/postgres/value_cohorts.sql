WITH aged AS (
  SELECT
    CAST(EXTRACT(YEAR FROM f.first_date) * 4 + EXTRACT(QUARTER FROM f.first_date) - 1 AS BIGINT) AS cohort,
    CAST(FLOOR(
      CAST(GREATEST((
        CAST(b.accepted_date AS DATE) - CAST(f.first_date AS DATE)
      ), 0) * 16 AS DOUBLE PRECISION) / CAST(487 AS DOUBLE PRECISION)
    ) AS BIGINT) AS age,
    b.margin,
    b.counted
  FROM billed AS b
  JOIN customer_orders AS f
    ON f.customer_id = b.customer_id
  WHERE
    NOT f.first_date IS NULL
)
SELECT
  cohort,
  age,
  CAST(SUM(margin) AS BIGINT) AS margin,
  CAST(SUM(counted) AS BIGINT) AS n_orders,
  CAST(SUM(CASE WHEN margin IS NULL THEN counted ELSE 0 END) AS BIGINT) AS n_without_costs
FROM aged
GROUP BY
  cohort,
  age
