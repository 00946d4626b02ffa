WITH aged AS (
  SELECT
    CAST(BROUND(EXTRACT(YEAR FROM f.first_date) * 4 + EXTRACT(QUARTER FROM f.first_date) - 1) AS BIGINT) AS cohort,
    CAST(BROUND(
      CAST(FLOOR(
        CAST(GREATEST(DATEDIFF(b.accepted_date, f.first_date), 0) * 16 AS DOUBLE) / CAST(487 AS DOUBLE)
      ) AS DOUBLE)
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
