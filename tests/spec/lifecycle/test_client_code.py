"""The life of a client as a word, one letter a quarter, the study's day last: N new, A active, L loyal, R returned,
D dormant, X lost, B blocked, - not yet a client."""

title = "Code of a client"
states = """
 day        | customer_id | state    | in_base
 2025-03-31 |           1 | new      |       1
 2025-06-30 |           1 | active   |       1
 2025-09-30 |           1 | loyal    |       1
 2025-12-31 |           1 | dormant  |       0
 2025-06-30 |           2 | new      |       1
 2025-09-30 |           2 | dormant  |       0
 2025-12-31 |           2 | returned |       1
 2025-12-31 |           3 | blocked  |       0
 2025-09-30 |           4 | dormant  |       0
 2025-12-31 |           4 | lost     |       0
"""
orders = """
 order_id | accepted_at
        1 | 2025-02-01 12:00
"""
codes = """
 customer_id | code
           1 | ----NALD
           2 | -----NDR
           3 | -------B
           4 | ------DX
"""


def test_quarters_before_the_first_visit_are_dashes(spec_view):
    spec_view("client_codes", codes, states=states, orders=orders, asof="2025-12-31")
