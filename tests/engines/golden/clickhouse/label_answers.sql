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
    NOT (
      order_id IS NULL
    )
  UNION ALL
  SELECT
    order_id,
    answer_date,
    score,
    satisfied
  FROM (
    SELECT
      o.order_id AS order_id,
      a.answer_date AS answer_date,
      a.score AS score,
      a.satisfied AS satisfied,
      CAST(ROW_NUMBER() OVER (
        PARTITION BY a.customer_id, a.answer_date, a.score
        ORDER BY o.accepted_date DESC, o.order_id DESC
      ) AS Nullable(Int64)) AS place
    FROM answers AS a
    JOIN orders AS o
      ON o.customer_id = a.customer_id
    WHERE
      a.order_id IS NULL
      AND dateDiff('day', o.accepted_date, a.answer_date) BETWEEN 0 AND 90
  ) AS near
  WHERE
    place = 1
), numbered AS (
  SELECT
    order_id,
    answer_date,
    satisfied,
    CAST(ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY answer_date DESC, score, satisfied) AS Nullable(Int64)) AS place
  FROM about
), at_answer AS (
  SELECT
    n.order_id AS order_id,
    n.answer_date AS answer_date,
    n.satisfied AS satisfied,
    CASE WHEN o.done_date <= n.answer_date THEN 0 ELSE 1 END AS was_open,
    (
      toUnixTimestamp64Micro(
        CAST(CAST(n.answer_date AS Nullable(DateTime64(6, 'UTC'))) AS Nullable(DateTime64(6, 'UTC')))
      ) / 1e6
    ) + 86400 AS until,
    o.accepted AS accepted,
    COALESCE(o.ready, CAST(1782853200.0 AS Nullable(Float64))) AS ended,
    p.promised AS promised
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
    ) AS Nullable(Float64)) / CAST((
      promised - accepted
    ) AS Nullable(Float64))
    ELSE CAST((
      until - promised
    ) AS Nullable(Float64)) / CAST(86400 AS Nullable(Float64))
  END AS delay,
  CASE
    WHEN was_open = 1 AND ended > accepted
    THEN LEAST(
      1.0,
      CAST((
        until - accepted
      ) AS Nullable(Float64)) / CAST((
        ended - accepted
      ) AS Nullable(Float64))
    )
  END AS time_share
FROM at_answer
