WITH dated AS (
  SELECT
    l.lead_id,
    l.customer_id,
    COALESCE(l.name, c.name) AS name,
    l.contact,
    l.request,
    CAST(CAST(l."at" AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) AS lead_date,
    l.source,
    l.brand,
    l.attractiveness,
    l.pitch,
    CASE WHEN LOWER(l.outcome) IN ('won', 'lost') THEN LOWER(l.outcome) END AS outcome,
    l.lost_reason,
    CAST(CAST(l.next_contact_at AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Moscow' AS DATE) AS next_contact_date
  FROM leads AS l
  LEFT JOIN customers AS c
    ON c.customer_id = l.customer_id
  WHERE
    NOT l.lead_id IS NULL
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
  lead_date <= CAST('2026-06-30' AS DATE)
