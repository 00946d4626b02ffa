WITH dated AS (
  SELECT
    l.lead_id AS lead_id,
    l.customer_id AS customer_id,
    COALESCE(l.name, c.name) AS name,
    l.contact AS contact,
    l.request AS request,
    toDate32(toTimeZone(CAST(l."at" AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')) AS lead_date,
    l.source AS source,
    l.brand AS brand,
    l.attractiveness AS attractiveness,
    l.pitch AS pitch,
    CASE WHEN lowerUTF8(l.outcome) IN ('won', 'lost') THEN lowerUTF8(l.outcome) END AS outcome,
    l.lost_reason AS lost_reason,
    toDate32(
      toTimeZone(CAST(l.next_contact_at AS Nullable(DateTime64(6, 'UTC'))), 'Europe/Moscow')
    ) AS next_contact_date
  FROM leads AS l
  LEFT JOIN customers AS c
    ON c.customer_id = l.customer_id
  WHERE
    NOT (
      l.lead_id IS NULL
    )
)
SELECT
  lead_id,
  customer_id,
  name,
  contact,
  request,
  lead_date,
  source,
  brand,
  attractiveness,
  pitch,
  CASE
    WHEN brand >= 1
    AND brand <= 5
    AND attractiveness >= 1
    AND attractiveness <= 5
    AND pitch >= 1
    AND pitch <= 5
    THEN brand + attractiveness + pitch
  END AS renewal_index,
  outcome,
  lost_reason,
  next_contact_date
FROM dated
WHERE
  lead_date <= CAST('2026-06-30' AS Nullable(Date32))
