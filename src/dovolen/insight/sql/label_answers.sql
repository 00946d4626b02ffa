-- label_answers: one row an order that its client judged himself: his latest answer about it.
-- Needs: feedback_answers, orders, service_orders, service_promises.
-- Gives: order_id, answer_date, satisfied (1 = one of the two top steps, or at least 9 of 10 where there are more than
--        seven steps), was_open (1 = the order was not ready by then), and of such orders, as of the end of that day:
--        delay (as in service_facts; null while the promise had not run out), time_share (how much of its time in
--        repair to the end had passed). An answer that names no order is about the client's latest order of the 90 days
--        before it.
WITH answers AS (
    SELECT
        customer_id,
        order_id,
        answer_date,
        score,
        CASE WHEN scale > 7 AND score * 10 >= scale * 9 THEN 1 WHEN scale <= 7 AND score >= scale - 1 THEN 1 ELSE 0 END
            AS satisfied
    FROM feedback_answers
    WHERE is_valid = 1
),
about AS (
    SELECT order_id, answer_date, score, satisfied
    FROM answers
    WHERE order_id IS NOT NULL
    UNION ALL
    SELECT order_id, answer_date, score, satisfied
    FROM (
        SELECT
            o.order_id,
            a.answer_date,
            a.score,
            a.satisfied,
            ROW_NUMBER() OVER (
                PARTITION BY a.customer_id, a.answer_date, a.score ORDER BY o.accepted_date DESC, o.order_id DESC
            ) AS place
        FROM answers AS a
        JOIN orders AS o ON o.customer_id = a.customer_id
        WHERE a.order_id IS NULL AND date_diff('day', o.accepted_date, a.answer_date) BETWEEN 0 AND 90
    ) AS near
    WHERE place = 1
),
numbered AS (
    SELECT
        order_id,
        answer_date,
        satisfied,
        ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY answer_date DESC, score, satisfied) AS place
    FROM about
),
at_answer AS (
    SELECT
        n.order_id,
        n.answer_date,
        n.satisfied,
        CASE WHEN o.done_date <= n.answer_date THEN 0 ELSE 1 END AS was_open,
        epoch(CAST(n.answer_date AS TIMESTAMP)) + 86400 AS until,
        o.accepted,
        coalesce(o.ready, $asof_until) AS ended,
        p.promised
    FROM numbered AS n
    JOIN service_orders AS o ON o.order_id = n.order_id
    LEFT JOIN service_promises AS p ON p.order_id = n.order_id
    WHERE n.place = 1
)
SELECT
    order_id,
    answer_date,
    satisfied,
    was_open,
    CASE
        WHEN was_open = 0 OR promised >= until THEN NULL
        WHEN promised - accepted > 864000 THEN 10 * (until - promised) / (promised - accepted)
        ELSE (until - promised) / 86400
    END AS delay,
    CASE WHEN was_open = 1 AND ended > accepted THEN least(1.0, (until - accepted) / (ended - accepted)) END AS time_share
FROM at_answer
