-- service_contacts: one row an order with contacts between hand-in and pickup.
-- Needs: service_orders, service_promises, contacts, estimates.
-- Gives: order_id, contacts_in (started by the client), last_in_date, told_early (1 = a word to the client before it was
--        ready), warned (1 = a word before the promise ran out).
-- A contact that names no order belongs to every order of the client that was in repair at that moment. An estimate
-- shown is a word to the client.
-- Keep.
WITH placed AS (
    SELECT c.order_id, c.at AS moment, c.direction
    FROM contacts AS c
    WHERE c.order_id IS NOT NULL
      AND c.direction IS NOT NULL
    UNION ALL
    SELECT e.order_id, e.at AS moment, 'out' AS direction
    FROM estimates AS e
    UNION ALL
    SELECT o.order_id, c.at AS moment, c.direction
    FROM contacts AS c
    JOIN service_orders AS o ON o.customer_id = c.customer_id
    WHERE c.order_id IS NULL
      AND c.direction IS NOT NULL
      AND epoch(c.at) > o.accepted
      AND epoch(c.at) <= coalesce(o.picked_up, o.ready, $asof_until)
),
timed AS (
    SELECT order_id, moment, epoch(moment) AS made, direction
    FROM placed
    WHERE epoch(moment) < $asof_until
),
counted AS (
    SELECT
        o.order_id,
        SUM(CASE WHEN t.direction = 'in' THEN 1 ELSE 0 END) AS contacts_in,
        MAX(CASE WHEN t.direction = 'in' THEN t.moment END) AS last_in,
        MAX(CASE WHEN t.direction = 'out' AND t.made < coalesce(o.ready, $asof_until) THEN 1 ELSE 0 END) AS told_early,
        MAX(CASE WHEN t.direction = 'out' AND t.made <= q.promised THEN 1 ELSE 0 END) AS warned
    FROM service_orders AS o
    JOIN timed AS t ON t.order_id = o.order_id
    LEFT JOIN service_promises AS q ON q.order_id = o.order_id
    WHERE t.made > o.accepted
      AND t.made <= coalesce(o.picked_up, $asof_until)
    GROUP BY o.order_id
)
SELECT
    order_id,
    contacts_in,
    day_in_zone(last_in, $zone) AS last_in_date,
    told_early,
    warned
FROM counted
