WITH of_orders AS (
  SELECT
    CAST(COUNT(ready_date) AS Nullable(Int64)) + CAST(COUNT(picked_up_date) AS Nullable(Int64)) AS n_ends
  FROM orders
), of_lines AS (
  SELECT
    CAST(COUNT(work_group) AS Nullable(Int64)) AS n_groups
  FROM lines
)
SELECT
  o.n_ends AS n_ends,
  l.n_groups AS n_groups
FROM of_orders AS o
CROSS JOIN of_lines AS l
