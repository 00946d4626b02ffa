WITH before_us AS (
  SELECT
    customer_id,
    CASE WHEN flow = 'stayed' THEN 1 ELSE 0 END AS kept
  FROM cascade
  WHERE
    flow IN ('stayed', 'dormant', 'lost', 'blocked')
), wrote AS (
  SELECT
    m.customer_id AS customer_id,
    CAST(COUNT(*) AS Nullable(Int64)) AS n_messages,
    CAST(COUNT(m.cost) AS Nullable(Int64)) AS n_priced,
    CAST(SUM(m.cost) AS Nullable(Int64)) AS messages
  FROM messages AS m
  WHERE
    toDate32(toTimeZone(CAST(m.sent_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) > CAST('2025-06-30' AS Nullable(Date32))
    AND toDate32(toTimeZone(CAST(m.sent_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) <= CAST('2026-06-30' AS Nullable(Date32))
  GROUP BY
    m.customer_id
), gave AS (
  SELECT
    customer_id,
    CAST(SUM(discount) AS Nullable(Int64)) AS discounts,
    CAST(SUM(bonus_used) AS Nullable(Int64)) AS bonuses
  FROM orders
  WHERE
    accepted_date > CAST('2025-06-30' AS Nullable(Date32))
    AND accepted_date <= CAST('2026-06-30' AS Nullable(Date32))
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
  GROUP BY
    customer_id
), talked AS (
  SELECT
    customer_id,
    CAST(COUNT(*) AS Nullable(Int64)) AS n_contacts,
    CAST(COUNT(minutes) AS Nullable(Int64)) AS n_timed,
    CAST(SUM(CAST(round(FLOOR(minutes * 60 + 0.5)) AS Nullable(Int64))) AS Nullable(Int64)) AS contact_seconds
  FROM contacts
  WHERE
    toDate32(toTimeZone(CAST("at" AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) > CAST('2025-06-30' AS Nullable(Date32))
    AND toDate32(toTimeZone(CAST("at" AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) <= CAST('2026-06-30' AS Nullable(Date32))
  GROUP BY
    customer_id
)
SELECT
  CAST(COUNT(*) AS Nullable(Int64)) AS in_base,
  CAST(SUM(b.kept) AS Nullable(Int64)) AS kept,
  CAST(SUM(w.messages) AS Nullable(Int64)) AS messages,
  CAST(SUM(g.discounts) AS Nullable(Int64)) AS discounts,
  CAST(SUM(g.bonuses) AS Nullable(Int64)) AS bonuses,
  CAST(SUM(t.contact_seconds) AS Nullable(Int64)) AS contact_seconds,
  CAST(SUM(w.n_messages) AS Nullable(Int64)) AS n_messages,
  CAST(SUM(w.n_priced) AS Nullable(Int64)) AS n_priced,
  CAST(SUM(t.n_contacts) AS Nullable(Int64)) AS n_contacts,
  CAST(SUM(t.n_timed) AS Nullable(Int64)) AS n_timed
FROM before_us AS b
LEFT JOIN wrote AS w
  ON w.customer_id = b.customer_id
LEFT JOIN gave AS g
  ON g.customer_id = b.customer_id
LEFT JOIN talked AS t
  ON t.customer_id = b.customer_id
