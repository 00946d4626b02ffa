-- feedback_answers: one row an answer of a client, good and bad by the rule of its kind.
-- Needs: feedback (kind: nps 0-10, csi 1-10, csat 1-5 or the scale given, review).
-- Gives: customer_id, order_id, kind, answer_date, quarter (its first day), by_manager, score (null = he was asked and
--        kept silent), scale, is_valid (1 = a whole step of the scale; reviews may fall between), good (nps 9-10, csi
--        7-10, csat the two top steps), bad (nps 0-6, csi 1-3).
-- Keep.
WITH dated AS (
    SELECT
        customer_id,
        order_id,
        lower(kind) AS kind,
        day_in_zone("at", $zone) AS answer_date,
        by_manager,
        score,
        CASE WHEN lower(kind) IN ('nps', 'csi') THEN 10.0 ELSE coalesce(scale, 5.0) END AS scale
    FROM feedback
    WHERE "at" IS NOT NULL
),
judged AS (
    SELECT
        *,
        CASE
            WHEN score IS NULL THEN 0
            WHEN score > scale OR score < CASE WHEN kind = 'nps' THEN 0 ELSE 1 END THEN 0
            WHEN kind <> 'review' AND score <> floor(score) THEN 0
            ELSE 1
        END AS is_valid
    FROM dated
    WHERE answer_date <= $asof AND kind IN ('nps', 'csi', 'csat', 'review')
)
SELECT
    customer_id,
    order_id,
    kind,
    answer_date,
    CAST(date_trunc('quarter', answer_date) AS DATE) AS quarter,
    by_manager,
    score,
    scale,
    is_valid,
    CASE
        WHEN is_valid = 0 THEN 0
        WHEN kind = 'nps' AND score >= 9 THEN 1
        WHEN kind = 'csi' AND score >= 7 THEN 1
        WHEN kind = 'csat' AND score >= scale - 1 THEN 1
        ELSE 0
    END AS good,
    CASE
        WHEN is_valid = 0 THEN 0
        WHEN kind = 'nps' AND score <= 6 THEN 1
        WHEN kind = 'csi' AND score <= 3 THEN 1
        ELSE 0
    END AS bad
FROM judged
