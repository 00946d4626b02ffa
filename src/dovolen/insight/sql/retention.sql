-- retention: last year's visitors who came this year. One row.
-- Needs: client_days.
-- Gives: visitors (clients with a visit in (asof - 730, asof - 365]), kept (those with one in (asof - 365, asof]).
WITH years AS (
    SELECT
        customer_id,
        MAX(CASE WHEN date_diff('day', visit_date, $asof) BETWEEN 365 AND 729 THEN 1 ELSE 0 END) AS came_before,
        MAX(CASE WHEN date_diff('day', visit_date, $asof) < 365 THEN 1 ELSE 0 END) AS came_now
    FROM client_days
    GROUP BY customer_id
)
SELECT
    CAST(SUM(came_before) AS BIGINT) AS visitors,
    CAST(SUM(came_before * came_now) AS BIGINT) AS kept
FROM years
