-- service_stages: one row an order with stages: how it went through them.
-- Needs: stages.
-- Gives: order_id, shortest (seconds between two changes, pickup apart; null with one change), norms_broken and norms
--        (stages longer than their norm; stages that have one), idle (stages before readiness of over $idle_days days),
--        parts (seconds waiting for parts, null where it did not wait), reassigned (times another technician took over;
--        null where none is told), slow_stage (where it stood longest beyond the norm; null where it kept them all).
-- Words stand here as numbers: carrying them through the windows costs four times as much.
-- Keep.
WITH places AS (
    SELECT
        stage,
        CASE stage WHEN 'ready' THEN 1 WHEN 'picked_up' THEN 2 WHEN 'waiting_parts' THEN 3 ELSE 0 END AS sort,
        ROW_NUMBER() OVER (ORDER BY stage) AS place
    FROM stages
    GROUP BY stage
),
hands AS (
    SELECT technician, ROW_NUMBER() OVER (ORDER BY technician) AS hand
    FROM stages
    WHERE technician IS NOT NULL
    GROUP BY technician
),
entered AS (
    SELECT
        s.order_id,
        p.sort,
        p.place,
        h.hand,
        epoch(s.entered_at) AS entered,
        s.norm_hours * 3600 AS norm
    FROM stages AS s
    JOIN places AS p ON p.stage = s.stage
    LEFT JOIN hands AS h ON h.technician = s.technician
    WHERE epoch(s.entered_at) < $asof_until
),
followed AS (
    SELECT
        order_id,
        sort,
        place,
        hand,
        norm,
        entered,
        LEAD(entered) OVER (PARTITION BY order_id ORDER BY entered, place) AS later,
        LEAD(hand) OVER (PARTITION BY order_id ORDER BY entered, place) AS next_hand
    FROM entered
),
spent AS (
    SELECT
        order_id,
        sort,
        place,
        hand,
        next_hand,
        norm,
        CASE WHEN sort <> 1 THEN later - entered END AS gap,
        CASE WHEN sort NOT IN (1, 2) THEN coalesce(later, $asof_until) - entered END AS seconds
    FROM followed
),
summed AS (
    SELECT
        order_id,
        MIN(gap) AS shortest,
        SUM(CASE WHEN seconds > norm THEN 1 ELSE 0 END) AS norms_broken,
        COUNT(norm) AS norms,
        SUM(CASE WHEN seconds > $idle_days * 86400 THEN 1 ELSE 0 END) AS idle,
        SUM(CASE WHEN sort = 3 THEN CAST(seconds AS BIGINT) END) AS parts,
        CASE WHEN COUNT(hand) > 0 THEN SUM(CASE WHEN hand <> next_hand THEN 1 ELSE 0 END) END AS reassigned,
        -- The longest with its stage behind it: one number tells both.
        MAX(
            CASE
                WHEN seconds > coalesce(norm, 0)
                    THEN CAST(floor(seconds - coalesce(norm, 0)) AS BIGINT) * 1000 + 999 - place
            END
        ) AS longest
    FROM spent
    GROUP BY order_id
)
SELECT
    u.order_id,
    u.shortest,
    u.norms_broken,
    u.norms,
    u.idle,
    u.parts,
    u.reassigned,
    q.stage AS slow_stage
FROM summed AS u
LEFT JOIN places AS q ON q.place = 999 - u.longest % 1000
