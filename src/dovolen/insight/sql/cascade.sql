-- cascade: one row a client from his states on two days: who came, who fell asleep, who left.
-- Needs: states (with $compare and $asof among the days).
-- Gives: customer_id, state_before (absent = not yet a client), state_after, flow (stayed, new, returned, dormant,
--        lost, blocked, passed, outside). Opening + new + returned - dormant - lost - blocked = closing.
-- Keep.
WITH both_days AS (
    SELECT
        a.customer_id,
        coalesce(b.state, 'absent') AS state_before,
        a.state AS state_after,
        coalesce(b.in_base, 0) AS in_before,
        a.in_base AS in_after
    FROM states AS a
    LEFT JOIN (SELECT customer_id, state, in_base FROM states WHERE day = $compare) AS b
        ON b.customer_id = a.customer_id
    WHERE a.day = $asof
)
SELECT
    customer_id,
    state_before,
    state_after,
    CASE
        WHEN in_before = 1 AND in_after = 1 THEN 'stayed'
        WHEN in_before = 1 THEN state_after
        WHEN in_after = 1 AND state_before = 'absent' THEN 'new'
        WHEN in_after = 1 THEN 'returned'
        WHEN state_before = 'absent' THEN 'passed'
        ELSE 'outside'
    END AS flow
FROM both_days
