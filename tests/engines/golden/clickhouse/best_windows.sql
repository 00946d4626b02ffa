WITH windows AS (
  SELECT
    a.day AS day,
    a.customer_id AS customer_id,
    a.week_start AS week_start,
    CAST(SUM(b.brought) AS Nullable(Int64)) AS brought,
    CAST(COUNT(*) AS Nullable(Int64)) AS n_weeks
  FROM bring_weeks AS a
  JOIN bring_weeks AS b
    ON b.day = a.day
    AND b.customer_id = a.customer_id
    AND dateDiff('day', a.week_start, b.week_start) BETWEEN 0 AND 49
  GROUP BY
    a.day,
    a.customer_id,
    a.week_start
)
SELECT
  day,
  customer_id,
  MAX(brought) AS brought
FROM windows
WHERE
  n_weeks >= 4
GROUP BY
  day,
  customer_id
