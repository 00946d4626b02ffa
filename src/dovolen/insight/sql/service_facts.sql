-- service_facts: one row an order that is not cancelled, with what is known of its service by the end of the day.
-- Needs: service_orders, service_promises, service_stages, service_contacts, service_estimates, service_cases,
--        service_answers, service_returns, service_medians, service_known.
-- Gives: order_id, customer_id, asset_id, centre, category, kind, technician, advisor, slow_stage, accepted_date,
--        scored_date (picked up, else ready), the facts by name – a larger value is worse, null = this source cannot know it –, answer, and
--        promises_moved_date, came_back_date, contacts_in_date, complaint_date, answer_date.
WITH joined AS (
    SELECT
        o.order_id,
        o.customer_id,
        o.asset_id,
        o.centre,
        o.category,
        o.kind,
        o.technician,
        o.advisor,
        o.outcome,
        o.accepted_date,
        o.scored_date,
        o.ready,
        o.told,
        o.picked_up,
        o.revenue,
        o.debt,
        o.rework_of,
        coalesce(e.approved, o.estimate) AS approved,
        CASE
            WHEN coalesce(o.ready, $asof_until) >= o.accepted THEN coalesce(o.ready, $asof_until) - o.accepted
        END AS seconds,
        p.moved,
        p.moved_date,
        CASE
            WHEN o.ready IS NOT NULL OR p.promised < $asof_until THEN coalesce(o.ready, $asof_until) - p.promised
        END AS late,
        p.promised - o.accepted AS promised_seconds,
        s.order_id AS staged_id,
        s.shortest,
        s.norms_broken,
        s.norms,
        s.idle,
        s.parts,
        s.reassigned,
        s.slow_stage,
        coalesce(c.contacts_in, 0) AS contacts_in,
        c.last_in_date,
        coalesce(c.told_early, 0) AS told_early,
        coalesce(c.warned, 0) AS warned,
        coalesce(k.complaints, 0) AS complaints,
        k.complaint_date,
        k.opened,
        k.resolved,
        coalesce(k.disputes, 0) AS disputes,
        a.answer,
        a.answer_date,
        r.came_back_date,
        r.is_return,
        coalesce(w.seconds, g.seconds, b.seconds) AS usual_seconds,
        coalesce(w.bill, g.bill, b.bill) AS usual_bill,
        CASE WHEN n.contacts_since <= o.accepted THEN 1 END AS contacts_known,
        n.complaints AS complaints_known,
        n.returns AS returns_known,
        n.moves AS moves_known,
        n.told AS told_known,
        n.debts AS debts_known
    FROM service_orders AS o
    CROSS JOIN service_known AS n
    LEFT JOIN service_promises AS p ON p.order_id = o.order_id
    LEFT JOIN service_stages AS s ON s.order_id = o.order_id
    LEFT JOIN service_contacts AS c ON c.order_id = o.order_id
    LEFT JOIN service_estimates AS e ON e.order_id = o.order_id
    LEFT JOIN service_cases AS k ON k.order_id = o.order_id
    LEFT JOIN service_answers AS a ON a.order_id = o.order_id
    LEFT JOIN service_returns AS r ON r.order_id = o.order_id
    LEFT JOIN service_medians AS w
        ON w.level = 'work'
        AND w.centre = coalesce(o.centre, '')
        AND w.category = coalesce(o.category, '')
        AND w.kind = coalesce(o.kind, '')
    LEFT JOIN service_medians AS g ON g.level = 'category' AND g.category = o.category
    LEFT JOIN service_medians AS b ON b.level = 'base'
)
SELECT
    order_id,
    customer_id,
    asset_id,
    centre,
    category,
    kind,
    technician,
    advisor,
    slow_stage,
    accepted_date,
    scored_date,
    CASE WHEN promised_seconds > 864000 THEN 10 * late / promised_seconds ELSE late / 86400 END AS delay,
    CASE WHEN moves_known = 1 THEN moved END AS promises_moved,
    moved_date AS promises_moved_date,
    CASE WHEN returns_known = 1 THEN CASE WHEN came_back_date IS NULL THEN 0 ELSE 1 END END AS came_back,
    came_back_date,
    CASE
        WHEN returns_known = 1 AND came_back_date IS NULL THEN 0
        WHEN returns_known = 1 AND late > 0 THEN 1
        WHEN returns_known = 1 AND late <= 0 THEN 0
    END AS came_back_late,
    CASE
        WHEN is_return = 1 OR rework_of IS NOT NULL OR parts > 0 THEN 1
        WHEN returns_known = 1 OR staged_id IS NOT NULL THEN 0
    END AS not_first_time,
    CASE WHEN contacts_known = 1 THEN contacts_in END AS contacts_in,
    last_in_date AS contacts_in_date,
    CASE WHEN ready IS NOT NULL AND approved > 0 THEN (revenue - approved) / approved END AS over_estimate,
    CASE
        WHEN usual_seconds > 0 AND (ready IS NOT NULL OR seconds > usual_seconds) THEN seconds / usual_seconds
    END AS repair_ratio,
    CASE
        WHEN contacts_known IS NULL THEN NULL
        WHEN seconds > 172800 THEN 1 - told_early
        WHEN ready IS NOT NULL THEN 0
    END AS no_word,
    CASE WHEN complaints_known = 1 THEN CASE WHEN complaints > 0 THEN 1 ELSE 0 END END AS complaint,
    complaint_date,
    late / 3600 AS late_hours,
    idle AS idle_stages,
    CASE WHEN norms > 0 THEN norms_broken END AS norms_broken,
    CASE WHEN shortest < 180 THEN 1 WHEN shortest >= 180 THEN 0 END AS stages_at_once,
    CASE
        WHEN contacts_known IS NULL THEN NULL
        WHEN late <= 0 THEN 0
        WHEN late > 0 THEN 1 - warned
    END AS not_warned,
    CASE WHEN told_known = 1 AND ready IS NOT NULL THEN CASE WHEN told IS NULL THEN 1 ELSE 0 END END AS not_told,
    CASE WHEN staged_id IS NOT NULL THEN coalesce(parts, 0) / 3600 END AS parts_hours,
    reassigned AS reassignments,
    CASE
        WHEN complaints > 0 THEN (coalesce(resolved, $asof_until) - opened) / 86400
        WHEN complaints_known = 1 THEN 0
    END AS resolution_days,
    CASE WHEN debts_known = 1 THEN CASE WHEN debt > 0 OR disputes > 0 THEN 1 ELSE 0 END END AS debt,
    CASE WHEN outcome = 'repaired' THEN 0 WHEN outcome IS NOT NULL THEN 1 END AS not_repaired,
    CASE
        WHEN picked_up >= coalesce(told, ready) THEN (picked_up - coalesce(told, ready)) / 3600
    END AS pickup_hours,
    revenue / usual_bill AS cost_ratio,
    answer,
    answer_date
FROM joined
