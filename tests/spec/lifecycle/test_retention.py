"""Of clients with a visit in (D − 730, D − 365], the share with one in (D − 365, D]."""

title = "One-year retention"
orders = """
 order_id | customer_id | accepted_at
        1 |           1 | 2024-06-30 12:00
        2 |           1 | 2024-07-01 12:00
        3 |           2 | 2023-07-02 12:00
        4 |           2 | 2025-06-30 12:00
        5 |           3 | 2023-07-01 12:00
        6 |           3 | 2025-06-30 12:00
        7 |           4 | 2024-06-30 12:00
        8 |           5 | 2025-01-01 12:00
"""
years = """
 visitors | kept
        3 |    2
"""


def test_each_year_has_its_last_day_and_not_its_first(spec_view):
    spec_view("retention", years, orders=orders, asof="2025-06-30")
