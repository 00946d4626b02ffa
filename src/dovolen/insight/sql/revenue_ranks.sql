-- revenue_ranks: served clients from the largest revenue down.
-- Needs: customer_facts.
-- Gives: customer_id, revenue, place (1 = largest), n_clients.
SELECT
    customer_id,
    revenue,
    ROW_NUMBER() OVER (ORDER BY revenue DESC NULLS LAST, customer_id) AS place,
    COUNT(*) OVER () AS n_clients
FROM customer_facts
WHERE n_orders > 0
