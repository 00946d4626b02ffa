"""Signs in what is not finished: an open order whose promise ends tomorrow or has passed, a complaint that was not
resolved by the day, declined work that nobody offered again and after which the client has not come."""

title = "Risk points of open matters"
orders = """
 order_id | customer_id | accepted_at      | promised_at      | ready_at         | outcome  | estimate
        1 |           1 | 2025-06-25 12:00 | 2025-07-01 18:00 |                  |          |
        2 |           2 | 2025-06-25 12:00 | 2025-07-02 18:00 |                  |          |
        3 |           3 | 2025-06-20 12:00 | 2025-06-25 18:00 |                  |          |
        4 |           4 | 2025-06-20 12:00 | 2025-06-25 18:00 | 2025-06-26 18:00 | repaired |
        5 |           5 | 2025-06-01 12:00 | 2025-06-02 18:00 | 2025-06-02 18:00 | repaired |
        6 |           6 | 2025-06-01 12:00 | 2025-06-02 18:00 | 2025-06-02 18:00 | declined |   500000
        7 |           7 | 2025-06-01 12:00 | 2025-06-02 18:00 | 2025-06-02 18:00 | declined |   500000
        8 |           7 | 2025-06-05 12:00 | 2025-06-06 18:00 | 2025-06-06 18:00 | repaired |   300000
        9 |           8 | 2025-06-01 12:00 | 2025-06-02 18:00 | 2025-06-02 18:00 | repaired |
       10 |           9 | 2025-06-01 12:00 | 2025-06-02 18:00 | 2025-06-02 18:00 | declined |   500000
"""
lines = """
 order_id | price  | quantity | state    | decided_at
        9 | 100000 |        1 | approved |
        9 | 200000 |      1.5 | declined | 2025-06-01 15:00
"""
cases = """
 customer_id | order_id | kind      | opened_at        | resolved_at
           4 |        4 | complaint | 2025-06-27 12:00 |
           5 |        5 | complaint | 2025-06-05 12:00 | 2025-06-30 23:00
           5 |        5 | question  | 2025-06-05 12:00 |
"""
contacts = """
 customer_id | at               | direction | purpose
           9 | 2025-06-20 12:00 | out       | offer
"""
points = """
 customer_id | point                | order_id | seen_date  | value  | expires_date
           1 | promise_at_risk      |        1 | 2025-07-01 |     -1 |
           3 | promise_at_risk      |        3 | 2025-06-25 |      5 |
           4 | complaint_open       |        4 | 2025-06-27 |      3 |
           6 | declined_not_offered |        6 | 2025-06-02 | 500000 | 2026-06-01
           8 | declined_not_offered |        9 | 2025-06-01 | 300000 | 2026-06-01
"""


def test_what_is_not_finished(spec_view):
    spec_view(
        "risk_open", points, orders=orders, lines=lines, cases=cases, contacts=contacts, asof="2025-06-30"
    )  # fmt: skip
