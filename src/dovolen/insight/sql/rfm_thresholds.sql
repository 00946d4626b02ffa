-- rfm_thresholds: the one row of cuts that grades stand on: the quantiles, unless the settings put other cuts here.
-- Needs: rfm_quantiles.
-- Gives: its columns.
SELECT * FROM rfm_quantiles
