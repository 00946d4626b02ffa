WITH sent AS (
  SELECT
    customer_id,
    toDate32(toTimeZone(CAST(sent_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS asked_date
  FROM messages
  WHERE
    lowerUTF8(purpose) = 'survey'
    AND (
      arm IS NULL OR arm <> 'holdout'
    )
    AND NOT (
      sent_at IS NULL
    )
), by_message AS (
  SELECT
    s.customer_id AS customer_id,
    s.asked_date AS asked_date,
    MAX(
      CASE
        WHEN NOT (
          a.score IS NULL
        )
        AND dateDiff('day', s.asked_date, a.answer_date) >= 0
        AND dateDiff('day', s.asked_date, a.answer_date) < 30
        THEN 1
        ELSE 0
      END
    ) AS answered
  FROM sent AS s
  LEFT JOIN feedback_answers AS a
    ON a.customer_id = s.customer_id
  WHERE
    dateDiff('day', s.asked_date, CAST('2026-06-30' AS Nullable(Date32))) >= 30
  GROUP BY
    s.customer_id,
    s.asked_date
), earliest AS (
  SELECT
    MIN(answer_date) AS day
  FROM feedback_answers
), picked_up AS (
  SELECT
    o.order_id AS order_id,
    o.customer_id AS customer_id,
    o.picked_up_date AS asked_date
  FROM orders AS o
  JOIN earliest AS e
    ON o.picked_up_date >= e.day
  WHERE
    NOT (
      o.customer_id IS NULL
    )
    AND dateDiff('day', o.picked_up_date, CAST('2026-06-30' AS Nullable(Date32))) >= 30
), by_order AS (
  SELECT
    p.order_id AS order_id,
    p.asked_date AS asked_date,
    MAX(
      CASE
        WHEN a.score IS NULL
        THEN 0
        WHEN a.order_id = p.order_id
        THEN 1
        WHEN a.order_id IS NULL
        AND dateDiff('day', p.asked_date, a.answer_date) >= 0
        AND dateDiff('day', p.asked_date, a.answer_date) < 30
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
  CAST(toStartOfQuarter(asked_date) AS Nullable(Date32)) AS quarter,
  answered
FROM asked
