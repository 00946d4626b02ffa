"""A visit is a client at one centre on one day; a client-day is a client on one day."""

title = "Visits and client-days"
orders = """
 order_id | customer_id | accepted_at      | centre | revenue
        1 |           1 | 2025-01-10 10:00 | North  |   10000
        2 |           1 | 2025-01-10 17:00 | North  |    5000
        3 |           1 | 2025-01-10 18:00 | South  |    1000
        4 |           1 | 2025-01-11 10:00 | South  |    1000
        5 |           2 | 2025-01-10 10:00 |        |    2000
        6 |           2 | 2025-01-10 11:00 |        |    2000
"""
visits = """
 customer_id | visit_date | centre | n_orders | revenue
           1 | 2025-01-10 | North  |        2 |   15000
           1 | 2025-01-10 | South  |        1 |    1000
           1 | 2025-01-11 | South  |        1 |    1000
           2 | 2025-01-10 |        |        2 |    4000
"""
days = """
 customer_id | visit_date | n_visits | n_orders | gap_days
           1 | 2025-01-10 |        2 |        3 |
           1 | 2025-01-11 |        1 |        1 |        1
           2 | 2025-01-10 |        1 |        2 |
"""


def test_two_orders_of_one_day_at_one_centre_are_one_visit(spec_view):
    spec_view("visits", visits, orders=orders)


def test_two_centres_on_one_day_are_one_day_of_the_client(spec_view):
    spec_view("client_days", days, orders=orders)
