"""Who can be lost on a day: clients who came in the 365 days to it and are not blocked. A return is a visit after the
day; to have a repair done again is none."""

title = "Who can be lost, and who returned"
orders = """
 order_id | customer_id | accepted_at      | rework_of
        1 |           1 | 2024-06-30 12:00 |
        2 |           2 | 2024-07-01 12:00 |
        3 |           3 | 2025-06-30 12:00 |
        4 |           4 | 2025-01-10 12:00 |
"""
customers = """
 customer_id | blocked_at
           1 |
           2 |
           3 |
           4 | 2025-06-01 12:00
"""
known = """
 customer_id | n_days | days_365
           2 |      1 |        1
           3 |      1 |        1
"""


def test_the_first_of_july_is_within_the_year_and_the_last_of_june_is_not(spec_view):
    spec_view("risk_clients", known, orders=orders, customers=customers, asof="2025-06-30")
