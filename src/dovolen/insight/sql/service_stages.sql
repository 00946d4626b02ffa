-- service_stages: one row an order with stages: how it went through them.
-- Needs: stages.
-- Gives: order_id, shortest (seconds between two changes, pickup apart; null with one change), norms_broken and norms
--        (stages longer than their norm; stages that have one), idle (stages before readiness of over $idle_days days),
--        parts (seconds waiting for parts, null where it did not wait), reassigned (times another technician took over;
--        null where none is told).
WITH entered AS (
    SELECT
        order_id,
        stage,
        epoch(entered_at) AS entered,
        norm_hours * 3600 AS norm,
        technician,
        LEAD(epoch(entered_at)) OVER (PARTITION BY order_id ORDER BY entered_at, stage) AS later,
        LEAD(technician) OVER (PARTITION BY order_id ORDER BY entered_at, stage) AS next_technician
    FROM stages
    WHERE epoch(entered_at) < $asof_until
),
spent AS (
    SELECT
        order_id,
        stage,
        norm,
        technician,
        next_technician,
        CASE WHEN stage <> 'ready' THEN later - entered END AS gap,
        CASE WHEN stage NOT IN ('ready', 'picked_up') THEN coalesce(later, $asof_until) - entered END AS seconds
    FROM entered
)
SELECT
    order_id,
    MIN(gap) AS shortest,
    SUM(CASE WHEN seconds > norm THEN 1 ELSE 0 END) AS norms_broken,
    COUNT(norm) AS norms,
    SUM(CASE WHEN seconds > $idle_days * 86400 THEN 1 ELSE 0 END) AS idle,
    SUM(CASE WHEN stage = 'waiting_parts' THEN seconds END) AS parts,
    CASE
        WHEN COUNT(technician) > 0 THEN SUM(CASE WHEN technician <> next_technician THEN 1 ELSE 0 END)
    END AS reassigned
FROM spent
GROUP BY order_id
