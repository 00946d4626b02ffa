"""Orders and norm-hours by day of intake: cancelled orders and returns are no load, whoever brought an order counts. An
order that still waits and has no work written counts as a usual one (the median), so that no base ends in a fall."""

title = "Load by day"
orders = """
 order_id | customer_id | accepted_at      | ready_at         | outcome   | revenue
        1 |           1 | 2025-03-03 10:00 | 2025-03-04 10:00 | repaired  |  100000
        2 |             | 2025-03-03 11:00 | 2025-03-05 10:00 | repaired  |  100000
        3 |           1 | 2025-03-03 12:00 |                  | cancelled |
        4 |           1 | 2025-03-03 12:00 | 2025-03-04 10:00 | repaired  |  -50000
        5 |           2 | 2025-03-05 23:59 | 2025-03-07 10:00 | declined  |       0
        6 |           3 | 2025-03-07 10:00 |                  |           |
        7 |           3 | 2025-03-11 10:00 |                  |           |
"""
lines = """
 order_id | name | norm_hours | state
        1 | a    |        1.5 |
        1 | b    |        0.5 |
        1 | c    |          9 | declined
        2 | a    |          4 |
        3 | a    |          2 |
"""
load = """
 day        | n_orders | milli_hours
 2025-03-03 |        2 |        6000
 2025-03-05 |        1 |           0
 2025-03-07 |        1 |        2000
"""


def test_what_came_in_on_each_day(spec_view):
    spec_view("load_days", load, orders=orders, lines=lines, asof="2025-03-10")
