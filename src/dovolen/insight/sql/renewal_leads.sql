-- renewal_leads: one row an enquiry, with its index.
-- Needs: leads, customers.
-- Gives: lead_id, customer_id, name, contact, request, lead_date, source, brand, attractiveness, pitch, renewal_index (their sum,
--        3-15; null unless each is 1-5), outcome (won, lost; null while open), lost_reason, next_contact_date.
-- Keep.
WITH dated AS (
    SELECT
        l.lead_id,
        l.customer_id,
        coalesce(l.name, c.name) AS name,
        l.contact,
        l.request,
        day_in_zone(l."at", $zone) AS lead_date,
        l.source,
        l.brand,
        l.attractiveness,
        l.pitch,
        CASE WHEN lower(l.outcome) IN ('won', 'lost') THEN lower(l.outcome) END AS outcome,
        l.lost_reason,
        day_in_zone(l.next_contact_at, $zone) AS next_contact_date
    FROM leads AS l
    LEFT JOIN customers AS c ON c.customer_id = l.customer_id
    WHERE l.lead_id IS NOT NULL
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
        WHEN brand >= 1 AND brand <= 5 AND attractiveness >= 1 AND attractiveness <= 5 AND pitch >= 1 AND pitch <= 5
            THEN brand + attractiveness + pitch
    END AS renewal_index,
    outcome,
    lost_reason,
    next_contact_date
FROM dated
WHERE lead_date <= $asof
