-- rfm_quantiles: exact type-7 quantiles of recency, frequency and money, in one row; ties are never split.
-- Needs: rfm_values.
-- Gives: r_1…r_4, f_1…f_4, m_1…m_4 (a coarser grid does not ask for all of them) and the cuts
--        at thirds: r_third, r_two_thirds and the like for the 27-segment picture.
-- Keep.
SELECT
    quantile_cont(recency_days, $cut_1) AS r_1,
    quantile_cont(recency_days, $cut_2) AS r_2,
    quantile_cont(recency_days, $cut_3) AS r_3,
    quantile_cont(recency_days, $cut_4) AS r_4,
    quantile_cont(frequency, $cut_1) AS f_1,
    quantile_cont(frequency, $cut_2) AS f_2,
    quantile_cont(frequency, $cut_3) AS f_3,
    quantile_cont(frequency, $cut_4) AS f_4,
    quantile_cont(money, $cut_1) AS m_1,
    quantile_cont(money, $cut_2) AS m_2,
    quantile_cont(money, $cut_3) AS m_3,
    quantile_cont(money, $cut_4) AS m_4,
    quantile_cont(recency_days, $third) AS r_third,
    quantile_cont(recency_days, $two_thirds) AS r_two_thirds,
    quantile_cont(frequency, $third) AS f_third,
    quantile_cont(frequency, $two_thirds) AS f_two_thirds,
    quantile_cont(money, $third) AS m_third,
    quantile_cont(money, $two_thirds) AS m_two_thirds
FROM rfm_values
