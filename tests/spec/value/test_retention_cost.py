"""What was spent after the earlier day, to the later one, on the clients who were in the base on the earlier: whoever
came later is not kept but found. One row; the cost is the sum over `kept`."""

title = "Cost of keeping clients"
cascade = """
 customer_id | flow
           1 | stayed
           2 | lost
           3 | new
           4 | stayed
           5 | outside
"""
messages = """
 customer_id | sent_at          | cost
           1 | 2025-01-01 00:00 |  250
           1 | 2024-12-31 23:59 |  250
           2 | 2025-12-31 23:59 |  300
           2 | 2025-06-01 12:00 |
           3 | 2025-06-01 12:00 |  900
           5 | 2025-06-01 12:00 |  900
"""
orders = """
 order_id | customer_id | accepted_at      | discount | bonus_used | outcome
        1 |           1 | 2025-05-01 12:00 |     1000 |        500 | repaired
        2 |           1 | 2024-05-01 12:00 |     1000 |        500 | repaired
        3 |           4 | 2025-05-01 12:00 |     7000 |            | cancelled
        4 |           3 | 2025-05-01 12:00 |     3000 |            | repaired
"""
contacts = """
 customer_id | at               | minutes
           1 | 2025-05-01 12:00 |     1.5
           4 | 2025-05-01 12:00 |      10
           4 | 2025-05-02 12:00 |
           3 | 2025-05-02 12:00 |      30
"""
spent = """
 in_base | kept | messages | discounts | bonuses | contact_seconds | n_messages | n_priced | n_contacts | n_timed
       3 |    2 |      550 |      1000 |     500 |             690 |          3 |        2 |          3 |       2
"""


def test_new_clients_cost_nothing_to_keep(spec_view):
    spec_view("value_keeping", spent, cascade=cascade, messages=messages, orders=orders, contacts=contacts,
              asof="2025-12-31", compare="2024-12-31")  # fmt: skip
