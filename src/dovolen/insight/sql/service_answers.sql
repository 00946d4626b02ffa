-- service_answers: one row an order that the client answered about: his last answer.
-- Needs: feedback.
-- Gives: order_id, answer (0–99, linear between the ends of his scale), answer_date.
-- NPS and scales above ten begin with 0, the others with 1; an answer outside its scale is none.
WITH told AS (
    SELECT
        f.order_id,
        f.at AS moment,
        f.score,
        f.scale,
        CASE WHEN f.kind = 'nps' OR f.scale > 10 THEN 0 ELSE 1 END AS low
    FROM feedback AS f
    WHERE f.order_id IS NOT NULL
      AND f.kind IN ('csat', 'nps', 'csi', 'review')
      AND epoch(f.at) < $asof_until
),
numbered AS (
    SELECT
        order_id,
        moment,
        99 * (score - low) / (scale - low) AS answer,
        ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY moment DESC, score) AS place
    FROM told
    WHERE score >= low
      AND score <= scale
      AND scale > low
)
SELECT
    order_id,
    answer,
    day_in_zone(moment, $zone) AS answer_date
FROM numbered
WHERE place = 1
