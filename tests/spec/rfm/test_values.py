"""Recency: days from the last counted order to the study's day. Frequency: counted orders. Money: their revenue,
returns taken off. The window is all history unless the settings name one."""

title = "Recency, frequency, money"
orders = """
 order_id | customer_id | accepted_at      | revenue | outcome
        1 |           1 | 2024-06-01 10:00 |   10000 |
        2 |           1 | 2025-06-29 10:00 |   20000 |
        3 |           1 | 2025-06-30 10:00 |   -5000 |
        4 |           1 | 2025-06-30 11:00 |   90000 | cancelled
        5 |           2 | 2025-06-30 23:00 |       0 |
        6 |           3 | 2025-06-30 12:00 |   -1000 |
"""
values = """
 customer_id | recency_days | frequency | money
           1 |            1 |         2 | 25000
           2 |            0 |         1 |     0
"""
of_a_year = """
 customer_id | recency_days | frequency | money
           1 |            1 |         1 | 15000
           2 |            0 |         1 |     0
"""
average = """
 customer_id | recency_days | frequency | money
           1 |            1 |         2 | 12500
           2 |            0 |         1 |     0
"""


def test_a_return_moves_money_and_not_recency(spec_view):
    spec_view("rfm_values", values, orders=orders, asof="2025-06-30")


def test_a_window_of_a_year_forgets_what_lies_before_it(spec_view):
    spec_view("rfm_values", of_a_year, orders=orders, asof="2025-06-30", rfm_window_days=365)


def test_money_may_be_the_average_order(spec_view):
    spec_view("rfm_values", average, orders=orders, asof="2025-06-30", rfm_money="average")
