WITH before_us AS (
  SELECT
    customer_id,
    CASE WHEN flow = 'stayed' THEN 1 ELSE 0 END AS kept
  FROM cascade
  WHERE
    flow IN ('stayed', 'dormant', 'lost', 'blocked')
), wrote AS (
  SELECT
    m.customer_id,
    COUNT(*) AS n_messages,
    COUNT(m.cost) AS n_priced,
    CAST(SUM(m.cost) AS BIGINT) AS messages
  FROM messages AS m
  WHERE
    CAST(CAST(m.sent_at AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) > CAST('2025-06-30' AS DATE)
    AND CAST(CAST(m.sent_at AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) <= CAST('2026-06-30' AS DATE)
  GROUP BY
    m.customer_id
), gave AS (
  SELECT
    customer_id,
    CAST(SUM(discount) AS BIGINT) AS discounts,
    CAST(SUM(bonus_used) AS BIGINT) AS bonuses
  FROM orders
  WHERE
    accepted_date > CAST('2025-06-30' AS DATE)
    AND accepted_date <= CAST('2026-06-30' AS DATE)
    AND (
      outcome IS NULL OR outcome <> 'cancelled'
    )
  GROUP BY
    customer_id
), talked AS (
  SELECT
    customer_id,
    COUNT(*) AS n_contacts,
    COUNT(minutes) AS n_timed,
    CAST(SUM(CAST(FLOOR(minutes * 60 + 0.5) AS BIGINT)) AS BIGINT) AS contact_seconds
  FROM contacts
  WHERE
    CAST(CAST("at" AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) > CAST('2025-06-30' AS DATE)
    AND CAST(CAST("at" AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) <= CAST('2026-06-30' AS DATE)
  GROUP BY
    customer_id
)
SELECT
  COUNT(*) AS in_base,
  CAST(SUM(b.kept) AS BIGINT) AS kept,
  CAST(SUM(w.messages) AS BIGINT) AS messages,
  CAST(SUM(g.discounts) AS BIGINT) AS discounts,
  CAST(SUM(g.bonuses) AS BIGINT) AS bonuses,
  CAST(SUM(t.contact_seconds) AS BIGINT) AS contact_seconds,
  CAST(SUM(w.n_messages) AS BIGINT) AS n_messages,
  CAST(SUM(w.n_priced) AS BIGINT) AS n_priced,
  CAST(SUM(t.n_contacts) AS BIGINT) AS n_contacts,
  CAST(SUM(t.n_timed) AS BIGINT) AS n_timed
FROM before_us AS b
LEFT JOIN wrote AS w
  ON w.customer_id = b.customer_id
LEFT JOIN gave AS g
  ON g.customer_id = b.customer_id
LEFT JOIN talked AS t
  ON t.customer_id = b.customer_id
