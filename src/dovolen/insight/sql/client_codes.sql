-- client_codes: the life of a client as a word, one letter a quarter: N new, A active, L loyal, R returned, D dormant,
-- X lost, B blocked, - not yet a client.
-- Needs: states, quarters (day, place: 1 = the earliest of up to eight quarter ends; the study's day is the last).
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
    CASE WHEN $n_quarters >= 1 THEN coalesce(MAX(CASE WHEN place = 1 THEN letter END), '-') ELSE '' END
        || CASE WHEN $n_quarters >= 2 THEN coalesce(MAX(CASE WHEN place = 2 THEN letter END), '-') ELSE '' END
        || CASE WHEN $n_quarters >= 3 THEN coalesce(MAX(CASE WHEN place = 3 THEN letter END), '-') ELSE '' END
        || CASE WHEN $n_quarters >= 4 THEN coalesce(MAX(CASE WHEN place = 4 THEN letter END), '-') ELSE '' END
        || CASE WHEN $n_quarters >= 5 THEN coalesce(MAX(CASE WHEN place = 5 THEN letter END), '-') ELSE '' END
        || CASE WHEN $n_quarters >= 6 THEN coalesce(MAX(CASE WHEN place = 6 THEN letter END), '-') ELSE '' END
        || CASE WHEN $n_quarters >= 7 THEN coalesce(MAX(CASE WHEN place = 7 THEN letter END), '-') ELSE '' END
        || CASE WHEN $n_quarters >= 8 THEN coalesce(MAX(CASE WHEN place = 8 THEN letter END), '-') ELSE '' END AS code
FROM letters
GROUP BY customer_id
