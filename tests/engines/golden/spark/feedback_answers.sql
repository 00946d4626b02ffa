WITH dated AS (
  SELECT
    customer_id,
    order_id,
    LOWER(kind) AS kind,
    CAST(FROM_UTC_TIMESTAMP(CAST(`at` AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS answer_date,
    by_manager,
    score,
    CASE WHEN LOWER(kind) IN ('nps', 'csi') THEN 10.0 ELSE COALESCE(scale, 5.0) END AS scale
  FROM feedback
  WHERE
    NOT `at` IS NULL
), judged AS (
  SELECT
    *,
    CASE
      WHEN score IS NULL
      THEN 0
      WHEN score > scale OR score < CASE WHEN kind = 'nps' THEN 0 ELSE 1 END
      THEN 0
      WHEN kind <> 'review' AND score <> CAST(FLOOR(score) AS DOUBLE)
      THEN 0
      ELSE 1
    END AS is_valid
  FROM dated
  WHERE
    answer_date <= CAST('2026-06-30' AS DATE)
    AND kind IN ('nps', 'csi', 'csat', 'review')
)
SELECT
  customer_id,
  order_id,
  kind,
  answer_date,
  CAST(TRUNC(answer_date, 'quarter') AS DATE) AS quarter,
  by_manager,
  score,
  scale,
  is_valid,
  CASE
    WHEN is_valid = 0
    THEN 0
    WHEN kind = 'nps' AND score >= 9
    THEN 1
    WHEN kind = 'csi' AND score >= 7
    THEN 1
    WHEN kind = 'csat' AND score >= scale - 1
    THEN 1
    ELSE 0
  END AS good,
  CASE
    WHEN is_valid = 0
    THEN 0
    WHEN kind = 'nps' AND score <= 6
    THEN 1
    WHEN kind = 'csi' AND score <= 3
    THEN 1
    ELSE 0
  END AS bad
FROM judged
