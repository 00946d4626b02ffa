"""As of day D includes all of D in the centre's zone; later orders are not known yet."""

title = "Days of the centre"
orders = """
 order_id | customer_id | accepted_at
        1 |           1 | 2025-06-30 00:00
        2 |           2 | 2025-06-30 23:59
        3 |           3 | 2025-07-01 00:00
"""
known = """
 customer_id | first_date
           1 | 2025-06-30
           2 | 2025-06-30
"""
given_days = """
 order_id | customer_id | accepted_date
        1 |           1 | 2025-06-30
        2 |           2 | 2025-07-01
"""
first = """
 customer_id | first_date
           1 | 2025-06-30
"""


def test_the_day_ends_at_midnight_in_moscow(spec_view):
    spec_view("customer_orders", known, orders=orders, asof="2025-06-30", zone="Europe/Moscow")


def test_the_day_ends_at_midnight_in_vladivostok(spec_view):
    spec_view("customer_orders", known, orders=orders, asof="2025-06-30", zone="Asia/Vladivostok")


def test_a_day_without_a_time_is_that_day_in_any_zone(spec_view):
    spec_view("customer_orders", first, orders=given_days, asof="2025-06-30", zone="America/Santiago")
