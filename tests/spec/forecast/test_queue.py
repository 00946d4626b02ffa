"""Orders accepted and not ready at the end of the day D, and their work: by their lines, else the usual norm of the job,
else the median of an order. Open longer than 180 days is forgotten, not queued."""

title = "Queue"
orders = """
 order_id | technician | accepted_at      | ready_at         | picked_up_at     | outcome
        1 | Anna       | 2025-03-03 10:00 | 2025-03-10 23:00 |                  | repaired
        2 | Anna       | 2025-03-03 10:00 | 2025-03-11 00:30 |                  | repaired
        3 | Boris      | 2025-03-04 10:00 |                  |                  |
        4 | Boris      | 2025-03-05 10:00 |                  |                  |
        5 |            | 2025-03-06 10:00 |                  |                  |
        6 | Anna       | 2025-03-06 10:00 |                  |                  | declined
        7 | Anna       | 2025-03-06 10:00 |                  | 2025-03-12 10:00 | declined
        8 | Anna       | 2025-03-06 10:00 |                  |                  | cancelled
        9 | Boris      | 2024-09-10 10:00 |                  |                  |
       10 | Boris      | 2024-09-11 10:00 |                  |                  |
       11 | Boris      | 2025-03-11 10:00 |                  |                  |
"""
lines = """
 order_id | kind   | name   | norm_hours | state
        1 | labour | clean  |          1 |
        2 | labour | clean  |          3 |
        3 | labour | clean  |            |
        3 | labour | solder |        1.5 |
        3 | part   | screen |            |
        4 | labour | clean  |            | declined
"""
waiting = """
 order_id | technician | age_days | is_stale | milli_hours
        2 | Anna       |        7 |        0 |        3000
        3 | Boris      |        6 |        0 |        3500
        4 | Boris      |        5 |        0 |        1500
        5 |            |        4 |        0 |        1500
        7 | Anna       |        4 |        0 |        1500
        9 | Boris      |      181 |        1 |        1500
       10 | Boris      |      180 |        0 |        1500
"""


def test_what_waits_and_how_much_work_it_is(spec_view):
    spec_view("queue_orders", waiting, orders=orders, lines=lines, asof="2025-03-10")


pace = """
 technician | n_orders | milli_hours
 Anna       |        1 |        1000
"""


def test_what_got_ready_is_the_pace_of_a_technician(spec_view):
    spec_view("queue_pace", pace, orders=orders, lines=lines, asof="2025-03-10")
