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
set_on_the_fifth = """
 customer_id | class_hand   | class_hand_at
           2 | intermediary | 2025-06-05 12:00
"""
from_its_day = """
 day        | customer_id | class
 2025-06-04 |           1 | regular
 2025-06-04 |           2 | one_off
 2025-06-05 |           1 | regular
 2025-06-05 |           2 | intermediary
"""


def test_a_hand_overrules_the_facts_and_the_facts_stay_readable(spec_view):
    spec_view("classes", classes, orders=orders, customers=customers)


def test_a_class_set_later_is_no_fact_of_earlier_days(spec_view):
    spec_view(
        "classes", from_its_day, orders=orders, customers=set_on_the_fifth, asof="2025-06-05", compare="2025-06-04"
    )
