WITH used AS (
  SELECT DISTINCT
    'name' AS level,
    b.customer_id AS customer_id,
    l.name AS item
  FROM lines AS l
  JOIN billed AS b
    ON b.order_id = l.order_id
  WHERE
    b.counted = 1
    AND NOT (
      l.name IS NULL
    )
    AND (
      l.state IS NULL OR l.state <> 'declined'
    )
  UNION ALL
  SELECT DISTINCT
    'group' AS level,
    b.customer_id AS customer_id,
    l.work_group AS item
  FROM lines AS l
  JOIN billed AS b
    ON b.order_id = l.order_id
  WHERE
    b.counted = 1
    AND NOT (
      l.work_group IS NULL
    )
    AND (
      l.state IS NULL OR l.state <> 'declined'
    )
  UNION ALL
  SELECT DISTINCT
    'kind' AS level,
    b.customer_id AS customer_id,
    o.kind AS item
  FROM orders AS o
  JOIN billed AS b
    ON b.order_id = o.order_id
  WHERE
    b.counted = 1 AND NOT (
      o.kind IS NULL
    )
), sizes AS (
  SELECT
    level,
    CAST(COUNT(DISTINCT customer_id) AS Nullable(Int64)) AS n_all
  FROM used
  GROUP BY
    level
), listed AS (
  SELECT
    level,
    item,
    CAST(COUNT(*) AS Nullable(Int64)) AS n_item
  FROM used
  GROUP BY
    level,
    item
), ranked AS (
  SELECT
    level,
    item,
    n_item,
    CAST(ROW_NUMBER() OVER (PARTITION BY level ORDER BY n_item DESC, item) AS Nullable(Int64)) AS place
  FROM listed
  WHERE
    n_item >= 20
)
SELECT
  u.level AS level,
  u.customer_id AS customer_id,
  u.item AS item,
  r.place AS place,
  r.n_item AS n_item,
  s.n_all AS n_all
FROM used AS u
JOIN ranked AS r
  ON r.level = u.level AND r.item = u.item
JOIN sizes AS s
  ON s.level = u.level
WHERE
  r.place <= 60
