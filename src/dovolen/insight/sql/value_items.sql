-- value_items: what each client has ever bought, by name of line, by group of work and by kind of order; each thing once.
-- Needs: lines, orders, billed.
-- Gives: level (name, group, kind), customer_id, item, place (1 = bought by most clients; the first 60 of a level, each
--        bought by at least $minimum clients), n_item (clients who bought it), n_all (clients who bought anything).
-- Keep.
WITH used AS (
    SELECT DISTINCT 'name' AS level, b.customer_id, l.name AS item
    FROM lines AS l
    JOIN billed AS b ON b.order_id = l.order_id
    WHERE b.counted = 1 AND l.name IS NOT NULL AND (l.state IS NULL OR l.state <> 'declined')
    UNION ALL
    SELECT DISTINCT 'group' AS level, b.customer_id, l.work_group AS item
    FROM lines AS l
    JOIN billed AS b ON b.order_id = l.order_id
    WHERE b.counted = 1 AND l.work_group IS NOT NULL AND (l.state IS NULL OR l.state <> 'declined')
    UNION ALL
    SELECT DISTINCT 'kind' AS level, b.customer_id, o.kind AS item
    FROM orders AS o
    JOIN billed AS b ON b.order_id = o.order_id
    WHERE b.counted = 1 AND o.kind IS NOT NULL
),
sizes AS (
    SELECT level, COUNT(DISTINCT customer_id) AS n_all FROM used GROUP BY level
),
listed AS (
    SELECT level, item, COUNT(*) AS n_item FROM used GROUP BY level, item
),
ranked AS (
    SELECT level, item, n_item, ROW_NUMBER() OVER (PARTITION BY level ORDER BY n_item DESC, item) AS place
    FROM listed
    WHERE n_item >= $minimum
)
SELECT u.level, u.customer_id, u.item, r.place, r.n_item, s.n_all
FROM used AS u
JOIN ranked AS r ON r.level = u.level AND r.item = u.item
JOIN sizes AS s ON s.level = u.level
WHERE r.place <= 60
