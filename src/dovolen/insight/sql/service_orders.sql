-- service_orders: one row an order that is not cancelled, with its moments as they were known by the end of the day.
-- Needs: orders, assets.
-- Gives: order_id, customer_id, asset_id, centre, category, kind, technician, advisor, outcome, fault (null where coming
--        again is no failure: wash, maintenance, sale), accepted_date, done_date (ready, else picked up), scored_date
--        (picked up, else ready), accepted, ready, told, picked_up, promised, repromised (all in seconds),
--        revenue, estimate, debt, rework_of.
-- Keep.
WITH known AS (
    SELECT
        order_id,
        customer_id,
        asset_id,
        centre,
        kind,
        technician,
        advisor,
        outcome,
        CASE
            WHEN asset_id IS NOT NULL AND (kind IS NULL OR kind IN ('repair', 'body')) THEN lower(fault_text)
        END AS fault,
        accepted_date,
        CASE WHEN ready_date <= $asof THEN ready_date END AS ready_date,
        CASE WHEN picked_up_date <= $asof THEN picked_up_date END AS picked_up_date,
        epoch(accepted_at) AS accepted,
        CASE WHEN ready_date <= $asof THEN epoch(ready_at) END AS ready,
        CASE WHEN epoch(notified_at) < $asof_until THEN epoch(notified_at) END AS told,
        CASE WHEN picked_up_date <= $asof THEN epoch(picked_up_at) END AS picked_up,
        epoch(promised_at) AS promised,
        epoch(repromised_at) AS repromised,
        revenue,
        estimate,
        debt,
        rework_of
    FROM orders
    WHERE accepted_date <= $asof
      AND (outcome IS NULL OR outcome <> 'cancelled')
)
SELECT
    k.order_id,
    k.customer_id,
    k.asset_id,
    k.centre,
    a.category,
    k.kind,
    k.technician,
    k.advisor,
    CASE WHEN coalesce(k.ready, k.picked_up) IS NOT NULL THEN k.outcome END AS outcome,
    k.fault,
    k.accepted_date,
    coalesce(k.ready_date, k.picked_up_date) AS done_date,
    coalesce(k.picked_up_date, k.ready_date) AS scored_date,
    k.accepted,
    coalesce(k.ready, k.picked_up) AS ready,
    k.told,
    k.picked_up,
    k.promised,
    CASE
        WHEN coalesce(k.ready, k.picked_up) IS NOT NULL OR k.promised < $asof_until THEN k.repromised
    END AS repromised,
    k.revenue,
    k.estimate,
    k.debt,
    k.rework_of
FROM known AS k
LEFT JOIN assets AS a ON a.asset_id = k.asset_id
