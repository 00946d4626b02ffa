WITH letters AS (
  SELECT
    s.customer_id,
    q.place,
    CASE s.state
      WHEN 'new'
      THEN 'N'
      WHEN 'active'
      THEN 'A'
      WHEN 'loyal'
      THEN 'L'
      WHEN 'returned'
      THEN 'R'
      WHEN 'dormant'
      THEN 'D'
      WHEN 'lost'
      THEN 'X'
      ELSE 'B'
    END AS letter
  FROM states AS s
  JOIN quarters AS q
    ON q.day = s.day
)
SELECT
  customer_id,
  COALESCE(MAX(CASE WHEN place = 1 THEN letter END), '-') || COALESCE(MAX(CASE WHEN place = 2 THEN letter END), '-') || COALESCE(MAX(CASE WHEN place = 3 THEN letter END), '-') || COALESCE(MAX(CASE WHEN place = 4 THEN letter END), '-') || COALESCE(MAX(CASE WHEN place = 5 THEN letter END), '-') || COALESCE(MAX(CASE WHEN place = 6 THEN letter END), '-') || COALESCE(MAX(CASE WHEN place = 7 THEN letter END), '-') || COALESCE(MAX(CASE WHEN place = 8 THEN letter END), '-') AS code
FROM letters
GROUP BY
  customer_id
