WITH sent AS (
  SELECT
    customer_id,
    CAST(FROM_UTC_TIMESTAMP(CAST(sent_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS asked_date
  FROM messages
  WHERE
    LOWER(purpose) = 'survey'
    AND (
      arm IS NULL OR arm <> 'holdout'
    )
    AND NOT sent_at IS NULL
), by_message AS (
  SELECT
    s.customer_id,
    s.asked_date,
    MAX(
      CASE
        WHEN NOT a.score IS NULL
        AND DATEDIFF(a.answer_date, s.asked_date) >= 0
        AND DATEDIFF(a.answer_date, s.asked_date) < 30
        THEN 1
        ELSE 0
      END
    ) AS answered
  FROM sent AS s
  LEFT JOIN feedback_answers AS a
    ON a.customer_id = s.customer_id
  WHERE
    DATEDIFF(CAST('2026-06-30' AS DATE), s.asked_date) >= 30
  GROUP BY
    s.customer_id,
    s.asked_date
), earliest AS (
  SELECT
    MIN(answer_date) AS day
  FROM feedback_answers
), picked_up AS (
  SELECT
    o.order_id,
    o.customer_id,
    o.picked_up_date AS asked_date
  FROM orders AS o
  JOIN earliest AS e
    ON o.picked_up_date >= e.day
  WHERE
    NOT o.customer_id IS NULL
    AND DATEDIFF(CAST('2026-06-30' AS DATE), o.picked_up_date) >= 30
), by_order AS (
  SELECT
    p.order_id,
    p.asked_date,
    MAX(
      CASE
        WHEN a.score IS NULL
        THEN 0
        WHEN a.order_id = p.order_id
        THEN 1
        WHEN a.order_id IS NULL
        AND DATEDIFF(a.answer_date, p.asked_date) >= 0
        AND DATEDIFF(a.answer_date, p.asked_date) < 30
        THEN 1
        ELSE 0
      END
    ) AS answered
  FROM picked_up AS p
  LEFT JOIN feedback_answers AS a
    ON a.customer_id = p.customer_id
  GROUP BY
    p.order_id,
    p.asked_date
), asked AS (
  SELECT
    'message' AS asked_by,
    asked_date,
    answered
  FROM by_message
  UNION ALL
  SELECT
    'blank' AS asked_by,
    answer_date AS asked_date,
    CASE WHEN score IS NULL THEN 0 ELSE 1 END AS answered
  FROM feedback_answers
  UNION ALL
  SELECT
    'pickup' AS asked_by,
    asked_date,
    answered
  FROM by_order
)
SELECT
  asked_by,
  asked_date,
  CAST(TRUNC(asked_date, 'quarter') AS DATE) AS quarter,
  answered
FROM asked
