WITH windows AS (
  SELECT
    a.day,
    a.customer_id,
    a.week_start,
    CAST(SUM(b.brought) AS BIGINT) AS brought,
    COUNT(*) AS n_weeks
  FROM bring_weeks AS a
  JOIN bring_weeks AS b
    ON b.day = a.day
    AND b.customer_id = a.customer_id
    AND DATEDIFF(b.week_start, a.week_start) BETWEEN 0 AND 49
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
