"""Words: calls of the client between hand-in and pickup; a word to him before the order is ready – a contact or an
estimate shown –, due in a job of over two days. They are known from the first contact in the log on. Money: the bill
over the last estimate he approved, and the first one where he approved none. A contact or a complaint that names no
order is about what he had in repair, a complaint about his latest order."""

title = "Words, bills and complaints"
orders = """
 order_id | customer_id | accepted_at      | promised_at      | ready_at         | picked_up_at     | estimate | revenue
        1 |           1 | 2024-12-01 12:00 |                  | 2024-12-08 12:00 |                  |          |    1000
        2 |           1 | 2025-01-01 12:00 | 2025-01-02 12:00 | 2025-01-05 12:00 | 2025-01-06 12:00 |     1000 |    1100
        3 |           2 | 2025-01-01 12:00 | 2025-01-04 12:00 | 2025-01-05 12:00 | 2025-01-06 12:00 |     1000 |    1100
        4 |           3 | 2025-01-01 12:00 | 2025-01-01 18:00 | 2025-01-02 12:00 | 2025-01-02 13:00 |          |     500
        5 |           4 | 2025-01-05 12:00 |                  |                  |                  |     1000 |
        6 |           5 | 2025-01-01 12:00 | 2025-01-03 12:00 | 2025-01-03 13:00 |                  |     1000 |     800
"""
contacts = """
 customer_id | order_id | at               | direction
           1 |        2 | 2025-01-01 12:00 | in
           1 |        2 | 2025-01-03 12:00 | in
           1 |          | 2025-01-06 11:00 | in
           1 |          | 2025-01-07 11:00 | in
           1 |        2 | 2025-01-05 12:00 | out
           2 |          | 2025-01-04 12:00 | out
           5 |        6 | 2025-01-09 12:00 | in
"""
estimates = """
 order_id | at               | amount | approved_at
        3 | 2025-01-01 13:00 |   1100 | 2025-01-01 14:00
        3 | 2025-01-01 15:00 |   2000 |
        6 | 2025-01-02 12:00 |    640 | 2025-01-02 13:00
"""
cases = """
 customer_id | order_id | kind      | opened_at        | resolved_at
           1 |          | complaint | 2025-01-06 12:00 | 2025-01-08 12:00
           2 |        3 | question  | 2025-01-06 12:00 |
           5 |        6 | complaint | 2025-01-07 12:00 |
           4 |        5 | complaint | 2025-02-07 12:00 |
"""
facts = """
 order_id | contacts_in | contacts_in_date | no_word | not_warned | over_estimate | complaint | complaint_date | resolution_days
        1 |             |                  |         |            |               | 0         |                | 0
        2 | 2           | 2025-01-06       | 1       | 1          | 0.1           | 1         | 2025-01-06     | 2
        3 | 0           |                  | 0       | 0          | 0             | 0         |                | 0
        4 | 0           |                  | 0       | 1          |               | 0         |                | 0
        5 | 0           |                  | 1       |            |               | 0         |                | 0
        6 | 1           | 2025-01-09       | 0       | 0          | 0.25          | 1         | 2025-01-07     | 3.5
"""


def test_silence_means_something_only_where_contacts_are_written_down(spec_view):
    spec_view(
        "service_facts", facts, orders=orders, contacts=contacts, estimates=estimates, cases=cases, asof="2025-01-10"
    )  # fmt: skip
