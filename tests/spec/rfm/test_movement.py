"""Both days are graded by the later day's thresholds. Who had the top grade in all three directions and has a lower
recency now falls out of the best."""

title = "Movement"
orders = """
 order_id | customer_id | accepted_at      | revenue
        1 |           1 | 2025-03-01 12:00 |   90000
        2 |           1 | 2025-03-31 12:00 |   90000
        3 |           2 | 2025-01-01 12:00 |   10000
        4 |           2 | 2025-06-30 12:00 |   10000
        5 |           3 | 2025-06-29 12:00 |    5000
        6 |           4 | 2025-01-15 12:00 |    5000
"""
moves = """
 customer_id | r_before | r_after | fell
           1 |        2 |       1 |    1
           2 |        1 |       2 |    0
           3 |          |       2 |    0
           4 |        1 |       1 |    0
"""


def test_the_best_who_stopped_coming_falls_out(spec_view):
    spec_view("rfm_moves", moves, orders=orders, asof="2025-06-30", compare="2025-03-31", grid="2")
