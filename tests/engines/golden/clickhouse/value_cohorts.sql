WITH aged AS (
  SELECT
    CAST(round(EXTRACT(YEAR FROM f.first_date) * 4 + EXTRACT(QUARTER FROM f.first_date) - 1) AS Nullable(Int64)) AS cohort,
    CAST(round(
      FLOOR(
        CAST(GREATEST(dateDiff('day', f.first_date, b.accepted_date), 0) * 16 AS Nullable(Float64)) / CAST(487 AS Nullable(Float64))
      )
    ) AS Nullable(Int64)) AS age,
    b.margin AS margin,
    b.counted AS counted
  FROM billed AS b
  JOIN customer_orders AS f
    ON f.customer_id = b.customer_id
  WHERE
    NOT (
      f.first_date IS NULL
    )
)
SELECT
  cohort,
  age,
  CAST(SUM(margin) AS Nullable(Int64)) AS margin,
  CAST(SUM(counted) AS Nullable(Int64)) AS n_orders,
  CAST(SUM(CASE WHEN margin IS NULL THEN counted ELSE 0 END) AS Nullable(Int64)) AS n_without_costs
FROM aged
GROUP BY
  cohort,
  age
