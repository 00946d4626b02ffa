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
        ORDER BY o.accepted_date DESC NULLS LAST, o.order_id DESC NULLS LAST
      ) AS BIGINT) AS place
    FROM answers AS a
    JOIN orders AS o
      ON o.customer_id = a.customer_id
    WHERE
      a.order_id IS NULL
      AND (
        CAST(a.answer_date AS DATE) - CAST(o.accepted_date AS DATE)
      ) BETWEEN 0 AND 90
  ) AS near
  WHERE
    place = 1
), numbered AS (
  SELECT
    order_id,
    answer_date,
    satisfied,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY answer_date DESC NULLS LAST, score, satisfied) AS BIGINT) AS place
  FROM about
), at_answer AS (
  SELECT
    n.order_id,
    n.answer_date,
    n.satisfied,
    CASE WHEN o.done_date <= n.answer_date THEN 0 ELSE 1 END AS was_open,
    DATE_PART('epoch', CAST(n.answer_date AS TIMESTAMP)) + 86400 AS until,
    o.accepted,
    COALESCE(o.ready, CAST(1782853200.0 AS DOUBLE PRECISION)) AS ended,
    p.promised
  FROM numbered AS n
  JOIN service_orders AS o
    ON o.order_id = n.order_id
  LEFT JOIN service_promises AS p
    ON p.order_id = n.order_id
  WHERE
    n.place = 1
)
SELECT
  order_id,
  answer_date,
  satisfied,
  was_open,
  CASE
    WHEN was_open = 0 OR promised >= until
    THEN NULL
    WHEN promised - accepted > 864000
    THEN CAST(10 * (
      until - promised
    ) AS DOUBLE PRECISION) / CAST((
      promised - accepted
    ) AS DOUBLE PRECISION)
    ELSE CAST((
      until - promised
    ) AS DOUBLE PRECISION) / CAST(86400 AS DOUBLE PRECISION)
  END AS delay,
  CASE
    WHEN was_open = 1 AND ended > accepted
    THEN LEAST(
      1.0,
      CAST((
        until - accepted
      ) AS DOUBLE PRECISION) / CAST((
        ended - accepted
      ) AS DOUBLE PRECISION)
    )
  END AS time_share
FROM at_answer
