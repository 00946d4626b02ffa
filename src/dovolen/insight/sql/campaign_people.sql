-- campaign_people: one row a client drawn for a campaign, on the side where he was put first.
-- Needs: messages (campaign_id; arm: treated, holdout, null = treated).
-- Gives: campaign_id, customer_id, treated (0 = held out), start_date (day of his first row), n_messages, cost (minor
--        units), both_arms (1 = he has rows on both sides: he counts where he was put first).
WITH drawn AS (
    SELECT
        campaign_id,
        customer_id,
        sent_at,
        day_in_zone(sent_at, $zone) AS sent_date,
        CASE WHEN arm = 'holdout' THEN 0 ELSE 1 END AS treated,
        cost
    FROM messages
    WHERE campaign_id IS NOT NULL AND customer_id IS NOT NULL AND sent_at IS NOT NULL
),
placed AS (
    SELECT
        campaign_id,
        customer_id,
        sent_date,
        treated,
        cost,
        ROW_NUMBER() OVER (PARTITION BY campaign_id, customer_id ORDER BY sent_at, treated) AS place
    FROM drawn
    WHERE sent_date <= $asof
)
SELECT
    campaign_id,
    customer_id,
    CAST(SUM(CASE WHEN place = 1 THEN treated ELSE 0 END) AS BIGINT) AS treated,
    MIN(sent_date) AS start_date,
    CAST(SUM(treated) AS BIGINT) AS n_messages,
    CAST(SUM(coalesce(cost, 0)) AS BIGINT) AS cost,
    CASE WHEN MIN(treated) < MAX(treated) THEN 1 ELSE 0 END AS both_arms
FROM placed
GROUP BY campaign_id, customer_id
