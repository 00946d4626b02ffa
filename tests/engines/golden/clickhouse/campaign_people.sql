WITH drawn AS (
  SELECT
    campaign_id,
    customer_id,
    sent_at,
    toDate32(toTimeZone(CAST(sent_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS sent_date,
    CASE WHEN arm = 'holdout' THEN 0 ELSE 1 END AS treated,
    cost
  FROM messages
  WHERE
    NOT (
      campaign_id IS NULL
    )
    AND NOT (
      customer_id IS NULL
    )
    AND NOT (
      sent_at IS NULL
    )
), placed AS (
  SELECT
    campaign_id,
    customer_id,
    sent_date,
    treated,
    cost,
    CAST(ROW_NUMBER() OVER (PARTITION BY campaign_id, customer_id ORDER BY sent_at, treated) AS Nullable(Int64)) AS place
  FROM drawn
  WHERE
    sent_date <= CAST('2026-06-30' AS Nullable(Date32))
)
SELECT
  campaign_id,
  customer_id,
  CAST(SUM(CASE WHEN place = 1 THEN treated ELSE 0 END) AS Nullable(Int64)) AS treated,
  MIN(sent_date) AS start_date,
  CAST(SUM(treated) AS Nullable(Int64)) AS n_messages,
  CAST(SUM(COALESCE(cost, 0)) AS Nullable(Int64)) AS cost,
  CASE WHEN MIN(treated) < MAX(treated) THEN 1 ELSE 0 END AS both_arms
FROM placed
GROUP BY
  campaign_id,
  customer_id
