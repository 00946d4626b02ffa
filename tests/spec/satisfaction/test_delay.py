"""Delay is counted in days against the last promise agreed in time: a promise moved after the one before it had run out
changes nothing. Of promises longer than ten days the delay is scaled to ten. What is not ready is late once the promise
has passed, up to the end of the day of the study. Every move counts, also one too late."""

title = "Delay and moved promises"
orders = """
 order_id | accepted_at      | promised_at      | repromised_at    | ready_at
        1 | 2025-06-01 12:00 | 2025-06-03 12:00 |                  | 2025-06-03 12:00
        2 | 2025-06-01 12:00 | 2025-06-03 12:00 |                  | 2025-06-04 12:00
        3 | 2025-06-01 12:00 | 2025-06-03 12:00 |                  | 2025-06-05 12:00
        4 | 2025-06-01 12:00 | 2025-06-03 12:00 |                  | 2025-06-05 12:00
        5 | 2025-06-01 12:00 | 2025-06-03 12:00 | 2025-06-05 12:00 | 2025-06-05 12:00
        6 | 2025-06-01 12:00 | 2025-06-21 12:00 |                  | 2025-06-23 12:00
        7 | 2025-06-01 12:00 | 2025-06-29 00:00 |                  |
        8 | 2025-06-01 12:00 | 2025-07-05 12:00 |                  |
        9 | 2025-06-01 12:00 |                  |                  | 2025-06-05 12:00
       10 | 2025-06-01 12:00 | 2025-06-03 12:00 |                  | 2025-06-02 12:00
       11 | 2025-06-01 12:00 | 2025-06-03 12:00 |                  | 2025-06-07 12:00
       12 | 2025-06-20 12:00 | 2025-06-25 12:00 |                  | 2025-07-01 12:00
"""
promises = """
 order_id | at               | promised_at
        3 | 2025-06-01 12:00 | 2025-06-03 12:00
        3 | 2025-06-03 12:00 | 2025-06-05 12:00
        4 | 2025-06-01 12:00 | 2025-06-03 12:00
        4 | 2025-06-03 12:01 | 2025-06-05 12:00
       11 | 2025-06-02 12:00 | 2025-06-04 12:00
       11 | 2025-06-03 12:00 | 2025-06-06 12:00
       11 | 2025-06-06 12:01 | 2025-06-07 12:00
       12 | 2025-06-20 12:00 | 2025-06-25 12:00
       12 | 2025-07-01 10:00 | 2025-07-02 12:00
"""
facts = """
 order_id | delay | promises_moved | promises_moved_date | late_hours
        1 | 0     | 0              |                     | 0
        2 | 1     | 0              |                     | 24
        3 | 0     | 1              | 2025-06-03          | 0
        4 | 2     | 1              | 2025-06-03          | 48
        5 | 0     | 1              |                     | 0
        6 | 1     | 0              |                     | 48
        7 | 0.727272727 | 0        |                     | 48
        8 |       | 0              |                     |
        9 |       |                |                     |
       10 | -1    | 0              |                     | -24
       11 | 1     | 3              | 2025-06-02          | 24
       12 | 5.5   | 0              |                     | 132
"""


def test_a_promise_moved_in_time_is_the_one_that_counts(spec_view):
    spec_view("service_facts", facts, orders=orders, promises=promises, asof="2025-06-30")
