-- client_codes: the life of a client as a word, one letter a quarter: N new, A active, L loyal, R returned, D dormant,
-- X lost, B blocked, - not yet a client.
-- Needs: states, quarters (day, place: 8 = the study's day, 7 = the quarter end before it, and so on).
-- Gives: customer_id, code.
WITH letters AS (
    SELECT
        s.customer_id,
        q.place,
        CASE s.state
            WHEN 'new' THEN 'N'
            WHEN 'active' THEN 'A'
            WHEN 'loyal' THEN 'L'
            WHEN 'returned' THEN 'R'
            WHEN 'dormant' THEN 'D'
            WHEN 'lost' THEN 'X'
            ELSE 'B'
        END AS letter
    FROM states AS s
    JOIN quarters AS q ON q.day = s.day
)
SELECT
    customer_id,
    coalesce(MAX(CASE WHEN place = 1 THEN letter END), '-')
        || coalesce(MAX(CASE WHEN place = 2 THEN letter END), '-')
        || coalesce(MAX(CASE WHEN place = 3 THEN letter END), '-')
        || coalesce(MAX(CASE WHEN place = 4 THEN letter END), '-')
        || coalesce(MAX(CASE WHEN place = 5 THEN letter END), '-')
        || coalesce(MAX(CASE WHEN place = 6 THEN letter END), '-')
        || coalesce(MAX(CASE WHEN place = 7 THEN letter END), '-')
        || coalesce(MAX(CASE WHEN place = 8 THEN letter END), '-') AS code
FROM letters
GROUP BY customer_id
