-- band_services: what each band of visit frequency buys in the last 365 days.
-- Needs: line_roles, customer_visits.
-- Gives: band (18_up, 6_17, 2_5, 1), role (cheapest, base, additional), n_lines, amount.
SELECT
    v.band,
    l.role,
    COUNT(*) AS n_lines,
    CAST(SUM(l.amount) AS BIGINT) AS amount
FROM line_roles AS l
JOIN customer_visits AS v ON v.customer_id = l.customer_id
WHERE v.band IS NOT NULL AND date_diff('day', l.accepted_date, $asof) < 365
GROUP BY v.band, l.role
