-- rfm_grades: the three grades of every client, best = the size of the grid, and his grades in thirds.
-- Needs: rfm_measured.
-- Gives: customer_id, recency_days, frequency, money, rfm_r, rfm_f, rfm_m, third_r, third_f, third_m.
-- A cut lies on a lattice no finer than a fifteenth of a unit, so "value > quantile" is asked with a hundredth to
-- spare: every engine then answers alike, whatever its last bit.
SELECT
    customer_id,
    recency_days,
    frequency,
    money,
    CAST($grid AS BIGINT)
        - CASE WHEN recency_days > r_1 + 0.01 THEN 1 ELSE 0 END
        - CASE WHEN $grid > 2 AND recency_days > r_2 + 0.01 THEN 1 ELSE 0 END
        - CASE WHEN $grid > 3 AND recency_days > r_3 + 0.01 THEN 1 ELSE 0 END
        - CASE WHEN $grid > 4 AND recency_days > r_4 + 0.01 THEN 1 ELSE 0 END AS rfm_r,
    CAST(1 AS BIGINT)
        + CASE WHEN frequency > f_1 + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN $grid > 2 AND frequency > f_2 + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN $grid > 3 AND frequency > f_3 + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN $grid > 4 AND frequency > f_4 + 0.01 THEN 1 ELSE 0 END AS rfm_f,
    CAST(1 AS BIGINT)
        + CASE WHEN money > m_1 + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN $grid > 2 AND money > m_2 + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN $grid > 3 AND money > m_3 + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN $grid > 4 AND money > m_4 + 0.01 THEN 1 ELSE 0 END AS rfm_m,
    CAST(3 AS BIGINT)
        - CASE WHEN recency_days > r_third + 0.01 THEN 1 ELSE 0 END
        - CASE WHEN recency_days > r_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_r,
    CAST(1 AS BIGINT)
        + CASE WHEN frequency > f_third + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN frequency > f_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_f,
    CAST(1 AS BIGINT)
        + CASE WHEN money > m_third + 0.01 THEN 1 ELSE 0 END
        + CASE WHEN money > m_two_thirds + 0.01 THEN 1 ELSE 0 END AS third_m
FROM rfm_measured
