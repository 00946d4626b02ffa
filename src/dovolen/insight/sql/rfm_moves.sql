-- rfm_moves: grades of every client on two days by the thresholds of the later one.
-- Needs: rfm, rfm_before (rfm made again as of $compare).
-- Gives: customer_id, r_before, segment_before (null = no client yet), r_after, segment_after, money, recency_days,
--        fell (1 = all three grades at the top before and R lower now: he falls out of the best).
SELECT
    a.customer_id,
    b.rfm_r AS r_before,
    b.rfm_segment AS segment_before,
    a.rfm_r AS r_after,
    a.rfm_segment AS segment_after,
    a.money,
    a.recency_days,
    CASE
        WHEN b.rfm_r = $grid AND b.rfm_f = $grid AND b.rfm_m = $grid AND a.rfm_r < $grid THEN 1
        ELSE 0
    END AS fell
FROM rfm AS a
LEFT JOIN rfm_before AS b ON b.customer_id = a.customer_id
