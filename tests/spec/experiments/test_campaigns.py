"""A client of a campaign stays on the side where he was put first; what he does in the days from that day on counts, and
what he had done in as many days before is his past. Eight weeks unless the settings say otherwise."""

title = "Clients of a campaign"
messages = """
 customer_id | campaign_id | sent_at          | arm     | cost
           1 | spring      | 2025-03-01 10:00 | treated |  300
           1 | spring      | 2025-03-05 10:00 | treated |  300
           2 | spring      | 2025-03-01 10:00 | holdout |
           2 | spring      | 2025-03-09 10:00 | treated |  300
           3 | spring      | 2025-03-01 10:00 |         |  300
           4 | spring      | 2025-07-01 00:30 | treated |  300
           5 |             | 2025-03-01 10:00 |         |  300
"""
sides = """
 customer_id | campaign_id | treated | start_date | n_messages | cost | both_arms
           1 | spring      |       1 | 2025-03-01 |          2 |  600 |         0
           2 | spring      |       0 | 2025-03-01 |          1 |  300 |         1
           3 | spring      |       1 | 2025-03-01 |          1 |  300 |         0
"""


def test_the_first_row_decides_and_no_side_means_written_to(spec_view):
    spec_view("campaign_people", sides, messages=messages, asof="2025-06-30")


drawn = """
 campaign_id | customer_id | treated | start_date | n_messages | cost | both_arms
 spring      |           1 |       1 | 2025-03-01 |          1 |  300 |         0
 spring      |           2 |       0 | 2025-03-01 |          0 |    0 |         0
"""
orders = """
 order_id | customer_id | accepted_at      | revenue | parts_cost | labour_cost | outcome
        1 |           1 | 2024-03-01 12:00 |    9000 |          0 |           0 | repaired
        2 |           1 | 2025-01-04 12:00 |    1000 |        100 |         200 | repaired
        3 |           1 | 2025-03-01 08:00 |    5000 |       1000 |        2000 | repaired
        4 |           1 | 2025-04-25 12:00 |    4000 |        500 |             | repaired
        5 |           1 | 2025-04-26 12:00 |    7000 |          0 |           0 | repaired
        6 |           1 | 2025-03-09 12:00 |    8000 |          0 |           0 | cancelled
        7 |           1 | 2025-03-10 12:00 |    -500 |          0 |           0 | repaired
"""
outcomes = """
 customer_id | n_days | n_orders | revenue | margin | no_margin | n_orders_before | revenue_before | days_365_before | silent_before
           1 |      2 |        2 |    8500 |   1500 |         1 |               1 |           1000 |               2 |            56
           2 |      0 |        0 |       0 |      0 |         0 |               0 |              0 |               0 |
"""


def test_the_first_day_counts_and_the_day_after_the_last_does_not(spec_view):
    spec_view("campaign_outcomes", outcomes, campaign_people=drawn, orders=orders, asof="2025-06-30")
