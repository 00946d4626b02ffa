WITH answers AS (
  SELECT
    customer_id,
    order_id,
    answer_date,
    score,
    CASE
      WHEN scale > 7 AND score * 10 >= scale * 9
      THEN 1
      WHEN scale <= 7 AND score >= scale - 1
      THEN 1
      ELSE 0
    END AS satisfied
  FROM feedback_answers
  WHERE
    is_valid = 1
), about AS (
  SELECT
    order_id,
    answer_date,
    score,
    satisfied
  FROM answers
  WHERE
    NOT order_id IS NULL
  UNION ALL
  SELECT
    order_id,
    answer_date,
    score,
    satisfied
  FROM (
    SELECT
      o.order_id,
      a.answer_date,
      a.score,
      a.satisfied,
      CAST(ROW_NUMBER() OVER (
        PARTITION BY a.customer_id, a.answer_date, a.score
        ORDER BY o.accepted_date DESC, o.order_id DESC
      ) AS BIGINT) AS place
    FROM answers AS a
    JOIN orders AS o
      ON o.customer_id = a.customer_id
    WHERE
      a.order_id IS NULL AND DATEDIFF(a.answer_date, o.accepted_date) BETWEEN 0 AND 90
  ) AS near
  WHERE
    place = 1
), numbered AS (
  SELECT
    order_id,
    answer_date,
    satisfied,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY order_id
      ORDER BY answer_date DESC, score NULLS LAST, satisfied NULLS LAST
    ) AS BIGINT) AS place
  FROM about
)
SELECT
  order_id,
  answer_date,
  satisfied
FROM numbered
WHERE
  place = 1
