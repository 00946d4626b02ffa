-- feedback_asked: every time a client was asked, or could have been, and whether he answered within $survey_days.
-- Needs: messages (purpose survey), orders (picked up), feedback_answers.
-- Gives: asked_by (message, blank = a row of feedback without a score, pickup = no word of asking: an order picked up since
--        the earliest answer), asked_date, quarter (its first day), answered (1/0). Those asked too lately are left out.
WITH sent AS (
    SELECT customer_id, day_in_zone(sent_at, $zone) AS asked_date
    FROM messages
    WHERE lower(purpose) = 'survey' AND (arm IS NULL OR arm <> 'holdout') AND sent_at IS NOT NULL
),
by_message AS (
    SELECT
        s.customer_id,
        s.asked_date,
        MAX(
            CASE
                WHEN a.score IS NOT NULL AND date_diff('day', s.asked_date, a.answer_date) >= 0
                    AND date_diff('day', s.asked_date, a.answer_date) < $survey_days THEN 1
                ELSE 0
            END
        ) AS answered
    FROM sent AS s
    LEFT JOIN feedback_answers AS a ON a.customer_id = s.customer_id
    WHERE date_diff('day', s.asked_date, $asof) >= $survey_days
    GROUP BY s.customer_id, s.asked_date
),
earliest AS (
    SELECT MIN(answer_date) AS day FROM feedback_answers
),
picked_up AS (
    SELECT o.order_id, o.customer_id, o.picked_up_date AS asked_date
    FROM orders AS o
    JOIN earliest AS e ON o.picked_up_date >= e.day
    WHERE o.customer_id IS NOT NULL AND date_diff('day', o.picked_up_date, $asof) >= $survey_days
),
by_order AS (
    SELECT
        p.order_id,
        p.asked_date,
        MAX(
            CASE
                WHEN a.score IS NULL THEN 0
                WHEN a.order_id = p.order_id THEN 1
                WHEN a.order_id IS NULL AND date_diff('day', p.asked_date, a.answer_date) >= 0
                    AND date_diff('day', p.asked_date, a.answer_date) < $survey_days THEN 1
                ELSE 0
            END
        ) AS answered
    FROM picked_up AS p
    LEFT JOIN feedback_answers AS a ON a.customer_id = p.customer_id
    GROUP BY p.order_id, p.asked_date
),
asked AS (
    SELECT 'message' AS asked_by, asked_date, answered FROM by_message
    UNION ALL
    SELECT 'blank' AS asked_by, answer_date AS asked_date, CASE WHEN score IS NULL THEN 0 ELSE 1 END AS answered
    FROM feedback_answers
    UNION ALL
    SELECT 'pickup' AS asked_by, asked_date, answered FROM by_order
)
SELECT asked_by, asked_date, CAST(date_trunc('quarter', asked_date) AS DATE) AS quarter, answered
FROM asked
