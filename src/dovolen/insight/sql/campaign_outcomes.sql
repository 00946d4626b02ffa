-- campaign_outcomes: what each client drawn for a campaign did in the weeks after his start, and what he had done before.
-- Needs: campaign_people, billed, customers.
-- Gives: campaign_id, customer_id, treated, start_date, n_messages, cost, both_arms, kind; n_days, n_orders, revenue,
--        margin, no_margin (orders without it) from the start on; the same with `before` in as many days before it;
--        days_365_before and silent_before (days since he last came; null if never) as of the start.
WITH together AS (
    SELECT
        p.campaign_id,
        p.customer_id,
        p.treated,
        p.start_date,
        p.n_messages,
        p.cost,
        p.both_arms,
        b.accepted_date,
        b.revenue,
        b.margin,
        b.counted,
        date_diff('day', p.start_date, b.accepted_date) AS days
    FROM campaign_people AS p
    LEFT JOIN billed AS b ON b.customer_id = p.customer_id
),
placed AS (
    SELECT
        *,
        CASE WHEN days >= 0 AND days < $campaign_days THEN 1 ELSE 0 END AS is_after,
        CASE WHEN days < 0 AND days >= -$campaign_days THEN 1 ELSE 0 END AS is_before
    FROM together
),
summed AS (
    SELECT
        campaign_id,
        customer_id,
        treated,
        start_date,
        n_messages,
        cost,
        both_arms,
        COUNT(DISTINCT CASE WHEN is_after = 1 AND counted = 1 THEN accepted_date END) AS n_days,
        CAST(SUM(CASE WHEN is_after = 1 THEN counted ELSE 0 END) AS BIGINT) AS n_orders,
        CAST(SUM(CASE WHEN is_after = 1 THEN coalesce(revenue, 0) ELSE 0 END) AS BIGINT) AS revenue,
        CAST(SUM(CASE WHEN is_after = 1 THEN coalesce(margin, 0) ELSE 0 END) AS BIGINT) AS margin,
        CAST(SUM(CASE WHEN is_after = 1 AND margin IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS no_margin,
        CAST(SUM(CASE WHEN is_before = 1 THEN counted ELSE 0 END) AS BIGINT) AS n_orders_before,
        CAST(SUM(CASE WHEN is_before = 1 THEN coalesce(revenue, 0) ELSE 0 END) AS BIGINT) AS revenue_before,
        CAST(SUM(CASE WHEN is_before = 1 THEN coalesce(margin, 0) ELSE 0 END) AS BIGINT) AS margin_before,
        COUNT(DISTINCT CASE WHEN days < 0 AND days >= -365 AND counted = 1 THEN accepted_date END) AS days_365_before,
        MIN(CASE WHEN days < 0 AND counted = 1 THEN -days END) AS silent_before
    FROM placed
    GROUP BY campaign_id, customer_id, treated, start_date, n_messages, cost, both_arms
)
SELECT
    s.campaign_id,
    s.customer_id,
    s.treated,
    s.start_date,
    s.n_messages,
    s.cost,
    s.both_arms,
    c.kind,
    s.n_days,
    s.n_orders,
    s.revenue,
    s.margin,
    s.no_margin,
    s.n_orders_before,
    s.revenue_before,
    s.margin_before,
    s.days_365_before,
    s.silent_before
FROM summed AS s
LEFT JOIN customers AS c ON c.customer_id = s.customer_id
