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
    COALESCE(e.approved, o.estimate) AS approved,
    CASE
      WHEN COALESCE(o.ready, CAST(1782853200.0 AS DOUBLE PRECISION)) >= o.accepted
      THEN COALESCE(o.ready, CAST(1782853200.0 AS DOUBLE PRECISION)) - o.accepted
    END AS seconds,
    p.moved,
    p.moved_date,
    CASE
      WHEN NOT o.ready IS NULL OR p.promised < CAST(1782853200.0 AS DOUBLE PRECISION)
      THEN COALESCE(o.ready, CAST(1782853200.0 AS DOUBLE PRECISION)) - p.promised
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
    COALESCE(c.contacts_in, 0) AS contacts_in,
    c.last_in_date,
    COALESCE(c.told_early, 0) AS told_early,
    COALESCE(c.warned, 0) AS warned,
    COALESCE(k.complaints, 0) AS complaints,
    k.complaint_date,
    k.opened,
    k.resolved,
    COALESCE(k.disputes, 0) AS disputes,
    a.answer,
    a.answer_date,
    r.came_back_date,
    r.is_return,
    COALESCE(w.seconds, g.seconds, b.seconds) AS usual_seconds,
    COALESCE(w.bill, g.bill, b.bill) AS usual_bill,
    CASE WHEN n.contacts_since <= o.accepted THEN 1 END AS contacts_known,
    n.complaints AS complaints_known,
    n.returns AS returns_known,
    n.moves AS moves_known,
    n.told AS told_known,
    n.debts AS debts_known
  FROM service_orders AS o
  CROSS JOIN service_known AS n
  LEFT JOIN service_promises AS p
    ON p.order_id = o.order_id
  LEFT JOIN service_stages AS s
    ON s.order_id = o.order_id
  LEFT JOIN service_contacts AS c
    ON c.order_id = o.order_id
  LEFT JOIN service_estimates AS e
    ON e.order_id = o.order_id
  LEFT JOIN service_cases AS k
    ON k.order_id = o.order_id
  LEFT JOIN service_answers AS a
    ON a.order_id = o.order_id
  LEFT JOIN service_returns AS r
    ON r.order_id = o.order_id
  LEFT JOIN service_medians AS w
    ON w.level = 'work'
    AND w.centre = COALESCE(o.centre, '')
    AND w.category = COALESCE(o.category, '')
    AND w.kind = COALESCE(o.kind, '')
  LEFT JOIN service_medians AS g
    ON g.level = 'category' AND g.category = o.category
  LEFT JOIN service_medians AS b
    ON b.level = 'base'
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
  CASE
    WHEN promised_seconds > 864000
    THEN CAST(10 * late AS DOUBLE PRECISION) / CAST(promised_seconds AS DOUBLE PRECISION)
    ELSE CAST(late AS DOUBLE PRECISION) / CAST(86400 AS DOUBLE PRECISION)
  END AS delay,
  CASE WHEN moves_known = 1 THEN moved END AS promises_moved,
  moved_date AS promises_moved_date,
  CASE
    WHEN returns_known = 1
    THEN CASE WHEN came_back_date IS NULL THEN 0 ELSE 1 END
  END AS came_back,
  came_back_date,
  CASE
    WHEN returns_known = 1 AND came_back_date IS NULL
    THEN 0
    WHEN returns_known = 1 AND late > 0
    THEN 1
    WHEN returns_known = 1 AND late <= 0
    THEN 0
  END AS came_back_late,
  CASE
    WHEN is_return = 1 OR NOT rework_of IS NULL OR parts > 0
    THEN 1
    WHEN returns_known = 1 OR NOT staged_id IS NULL
    THEN 0
  END AS not_first_time,
  CASE WHEN contacts_known = 1 THEN contacts_in END AS contacts_in,
  last_in_date AS contacts_in_date,
  CASE
    WHEN NOT ready IS NULL AND approved > 0
    THEN CAST((
      revenue - approved
    ) AS DOUBLE PRECISION) / CAST(approved AS DOUBLE PRECISION)
  END AS over_estimate,
  CASE
    WHEN usual_seconds > 0 AND (
      NOT ready IS NULL OR seconds > usual_seconds
    )
    THEN CAST(seconds AS DOUBLE PRECISION) / CAST(usual_seconds AS DOUBLE PRECISION)
  END AS repair_ratio,
  CASE
    WHEN contacts_known IS NULL
    THEN NULL
    WHEN seconds > 172800
    THEN 1 - told_early
    WHEN NOT ready IS NULL
    THEN 0
  END AS no_word,
  CASE WHEN complaints_known = 1 THEN CASE WHEN complaints > 0 THEN 1 ELSE 0 END END AS complaint,
  complaint_date,
  CAST(late AS DOUBLE PRECISION) / CAST(3600 AS DOUBLE PRECISION) AS late_hours,
  idle AS idle_stages,
  CASE WHEN norms > 0 THEN norms_broken END AS norms_broken,
  CASE WHEN shortest < 180 THEN 1 WHEN shortest >= 180 THEN 0 END AS stages_at_once,
  CASE
    WHEN contacts_known IS NULL
    THEN NULL
    WHEN late <= 0
    THEN 0
    WHEN late > 0
    THEN 1 - warned
  END AS not_warned,
  CASE
    WHEN told_known = 1 AND NOT ready IS NULL
    THEN CASE WHEN told IS NULL THEN 1 ELSE 0 END
  END AS not_told,
  CASE
    WHEN NOT staged_id IS NULL
    THEN CAST(COALESCE(parts, 0) AS DOUBLE PRECISION) / CAST(3600 AS DOUBLE PRECISION)
  END AS parts_hours,
  reassigned AS reassignments,
  CASE
    WHEN complaints > 0
    THEN (
      COALESCE(resolved, CAST(1782853200.0 AS DOUBLE PRECISION)) - opened
    ) / CAST(86400 AS DOUBLE PRECISION)
    WHEN complaints_known = 1
    THEN 0
  END AS resolution_days,
  CASE
    WHEN debts_known = 1
    THEN CASE WHEN debt > 0 OR disputes > 0 THEN 1 ELSE 0 END
  END AS debt,
  CASE WHEN outcome = 'repaired' THEN 0 WHEN NOT outcome IS NULL THEN 1 END AS not_repaired,
  CASE
    WHEN picked_up >= COALESCE(told, ready)
    THEN CAST((
      picked_up - COALESCE(told, ready)
    ) AS DOUBLE PRECISION) / CAST(3600 AS DOUBLE PRECISION)
  END AS pickup_hours,
  CAST(revenue AS DOUBLE PRECISION) / CAST(usual_bill AS DOUBLE PRECISION) AS cost_ratio,
  answer,
  answer_date
FROM joined
