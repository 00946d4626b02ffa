"""A class set by hand comes before everything that the rules see."""

title = "Set by hand"
orders = """
 order_id | customer_id | asset_id | accepted_at
        1 |           1 |        1 | 2025-06-01 12:00
        2 |           1 |        2 | 2025-06-02 12:00
        3 |           1 |        3 | 2025-06-03 12:00
        4 |           1 |        4 | 2025-06-04 12:00
        5 |           2 |        5 | 2025-06-01 12:00
"""
customers = """
 customer_id | class_hand   | regular_mark
           1 | one_off      | yes
           2 | intermediary |
"""
classes = """
 customer_id | class        | class_reasons
           1 | one_off      | by_hand=1;marked=1;assets=4;
           2 | intermediary | by_hand=1;
"""


def test_a_hand_overrules_the_facts_and_the_facts_stay_readable(spec_view):
    spec_view("classes", classes, orders=orders, customers=customers)
