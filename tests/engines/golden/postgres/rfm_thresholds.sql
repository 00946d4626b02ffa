SELECT
  *
FROM rfm_quantiles
