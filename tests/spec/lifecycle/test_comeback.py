"""A comeback is a visit after a gap longer than the limit that held then: his own rhythm before it when he had four
visits by then. He counts as returned for 180 days."""

title = "Returned"
orders = """
 order_id | customer_id | accepted_at
        1 |           1 | 2024-06-01 12:00
        2 |           1 | 2025-01-01 12:00
        3 |           2 | 2024-06-01 12:00
        4 |           2 | 2024-12-31 12:00
        5 |           2 | 2025-05-01 12:00
        6 |           3 | 2024-12-01 12:00
        7 |           3 | 2025-05-30 12:00
        8 |           4 | 2025-01-01 12:00
        9 |           4 | 2025-01-11 12:00
       10 |           4 | 2025-01-21 12:00
       11 |           4 | 2025-01-31 12:00
       12 |           4 | 2025-04-02 12:00
       13 |           4 | 2025-05-20 12:00
"""
comebacks = """
 customer_id | comeback_date
           1 | 2025-01-01
           4 | 2025-04-02
"""
states = """
 customer_id | state
           1 | returned
           2 | active
           3 | active
           4 | returned
"""


def test_after_half_a_year_a_comeback_is_forgotten_and_a_gap_of_the_limit_is_none(spec_view):
    spec_view("comebacks", comebacks, orders=orders, asof="2025-06-30")


def test_who_came_back_has_returned_whatever_else_he_is(spec_view):
    spec_view("states", states, orders=orders, asof="2025-06-30")
