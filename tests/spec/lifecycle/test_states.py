"""First match: blocked; lost, silent for more than three limits; dormant, for more than one; new, first visit at most
90 days ago; returned; loyal, four visits in 365 days, or a regular or intermediary; active. The base is new, returned,
loyal and active. Here nobody has a rhythm of his own unless he came four times, so the limit is 180 days."""

title = "States"
orders = """
 order_id | customer_id | accepted_at
        1 |           1 | 2025-04-01 12:00
        2 |           2 | 2025-03-31 12:00
        3 |           3 | 2025-01-01 12:00
        4 |           4 | 2024-12-31 12:00
        5 |           5 | 2024-01-07 12:00
        6 |           6 | 2024-01-06 12:00
        7 |           7 | 2024-07-01 12:00
        8 |           7 | 2024-10-01 12:00
        9 |           7 | 2025-01-01 12:00
       10 |           7 | 2025-04-01 12:00
       11 |           8 | 2024-06-30 12:00
       12 |           8 | 2024-10-01 12:00
       13 |           8 | 2025-01-01 12:00
       14 |           8 | 2025-04-01 12:00
       15 |           9 | 2025-06-01 12:00
       16 |          10 | 2025-01-15 12:00
       17 |          11 | 2025-01-15 12:00
"""
customers = """
 customer_id | regular_mark | blocked_at
           9 |              | 2025-06-30 23:59
          10 | yes          |
          11 |              | 2025-07-01 00:00
"""
states = """
 customer_id | state   | in_base
           1 | new     | 1
           2 | active  | 1
           3 | active  | 1
           4 | dormant | 0
           5 | dormant | 0
           6 | lost    | 0
           7 | loyal   | 1
           8 | active  | 1
           9 | blocked | 0
          10 | loyal   | 1
          11 | active  | 1
"""


def test_a_limit_reached_is_not_yet_exceeded_and_only_facts_to_the_day_count(spec_view):
    spec_view("states", states, orders=orders, customers=customers, asof="2025-06-30")
