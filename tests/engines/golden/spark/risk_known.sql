WITH of_orders AS (
  SELECT
    COUNT(ready_date) + COUNT(picked_up_date) AS n_ends
  FROM orders
), of_lines AS (
  SELECT
    COUNT(work_group) AS n_groups
  FROM lines
)
SELECT
  o.n_ends,
  l.n_groups
FROM of_orders AS o
CROSS JOIN of_lines AS l
