"""Who declined work in the last year and has not come since joins the list, and so do the dormant. A client with an open
enquiry is in it already."""

title = "Declined work and the dormant"
orders = """
 order_id | customer_id | accepted_at      | outcome  | fault_text
        1 |           1 | 2025-03-01 12:00 | repaired |
        2 |           2 | 2025-03-01 12:00 | repaired |
        3 |           2 | 2025-04-01 12:00 | repaired |
        4 |           3 | 2025-05-01 12:00 | declined | no sound
        5 |           4 | 2024-05-01 12:00 | declined | no sound
"""
lines = """
 order_id | name    | price | quantity | state
        1 | brakes  | 80000 |        1 | declined
        1 | battery | 90000 |        2 | declined
        1 | oil     | 20000 |        1 | approved
        2 | brakes  | 80000 |        1 | declined
"""
declined = """
 customer_id | declined_date | request  | amount
           1 | 2025-03-01    | battery  | 260000
           3 | 2025-05-01    | no sound |
"""


def test_the_dearest_work_stands_for_all_that_was_declined_with_it(spec_view):
    spec_view("renewal_declined", declined, orders=orders, lines=lines, asof="2025-06-30")


refused = """
 customer_id | declined_date | request | amount
           1 | 2025-03-01    | battery | 260000
           2 | 2025-03-01    | brakes  |  80000
"""
facts = """
 customer_id | name | lifecycle | last_at    | revenue
           1 | Anna | active    | 2025-03-01 |   10000
           2 | Ivan | dormant   | 2025-03-01 |   20000
           3 | Olga | dormant   | 2025-01-01 |   30000
           4 | Petr | active    | 2025-06-01 |   40000
           5 | Vera | dormant   | 2025-01-01 |   50000
           6 | Egor | blocked   | 2025-01-01 |   60000
"""
leads = """
 lead_id | customer_id | at               | outcome
       1 |           2 | 2025-05-01 12:00 |
       2 |           5 | 2025-05-01 12:00 | lost
"""
others = """
 customer_id | source   | since_date | request | amount
           1 | declined | 2025-03-01 | battery | 260000
           3 | dormant  | 2025-01-01 |         |  30000
           5 | dormant  | 2025-01-01 |         |  50000
"""


def test_nobody_is_in_the_list_twice(spec_view):
    spec_view("renewal_others", others, renewal_declined=refused, customer_facts=facts, leads=leads, asof="2025-06-30")
