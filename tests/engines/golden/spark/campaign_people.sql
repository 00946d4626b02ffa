WITH drawn AS (
  SELECT
    campaign_id,
    customer_id,
    sent_at,
    CAST(FROM_UTC_TIMESTAMP(CAST(sent_at AS TIMESTAMP_LTZ), 'Europe/Moscow') AS DATE) AS sent_date,
    CASE WHEN arm = 'holdout' THEN 0 ELSE 1 END AS treated,
    cost
  FROM messages
  WHERE
    NOT campaign_id IS NULL AND NOT customer_id IS NULL AND NOT sent_at IS NULL
), placed AS (
  SELECT
    campaign_id,
    customer_id,
    sent_date,
    treated,
    cost,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY campaign_id, customer_id
      ORDER BY sent_at NULLS LAST, treated NULLS LAST
    ) AS BIGINT) AS place
  FROM drawn
  WHERE
    sent_date <= CAST('2026-06-30' AS DATE)
)
SELECT
  campaign_id,
  customer_id,
  CAST(SUM(CASE WHEN place = 1 THEN treated ELSE 0 END) AS BIGINT) AS treated,
  MIN(sent_date) AS start_date,
  CAST(SUM(treated) AS BIGINT) AS n_messages,
  CAST(SUM(COALESCE(cost, 0)) AS BIGINT) AS cost,
  CASE WHEN MIN(treated) < MAX(treated) THEN 1 ELSE 0 END AS both_arms
FROM placed
GROUP BY
  campaign_id,
  customer_id
