"""Of those who first came in one period, how many came in each later one. Periods are counted from year nought."""

title = "Cohorts"
orders = """
 order_id | customer_id | accepted_at
        1 |           1 | 2024-12-31 12:00
        2 |           1 | 2025-01-01 12:00
        3 |           1 | 2025-01-31 12:00
        4 |           2 | 2024-12-01 12:00
        5 |           3 | 2025-01-15 12:00
"""
active = """
 grain   | cohort | age | active
 month   |  24299 |   0 |      2
 month   |  24299 |   1 |      1
 month   |  24300 |   0 |      1
 quarter |   8099 |   0 |      2
 quarter |   8099 |   1 |      1
 quarter |   8100 |   0 |      1
 year    |   2024 |   0 |      2
 year    |   2024 |   1 |      1
 year    |   2025 |   0 |      1
"""


def test_a_client_is_active_once_a_period_and_keeps_his_cohort(spec_view):
    spec_view("cohorts", active, orders=orders)
