"""The client's part of the published card: three assets of his last three repairs, two of two, a repeat among three or of
two; his class; whether one of his repairs had neither discipline nor a usual bill."""

title = "Facts of the published card"
service_facts = """
 order_id | customer_id | asset_id | accepted_date | stages_at_once | norms_broken | cost_ratio
        1 |           1 |       11 | 2025-01-01    |              0 |            0 | 1.0
        2 |           1 |       12 | 2025-01-02    |              0 |            1 | 1.3
        3 |           1 |       13 | 2025-01-03    |              0 |            0 | 1.3
        4 |           1 |       11 | 2025-01-04    |              1 |            0 | 1.0
        5 |           1 |       11 | 2025-01-05    |              0 |            0 | 1.0
        6 |           2 |       21 | 2025-01-01    |              0 |            0 | 1.0
        7 |           2 |       21 | 2025-01-02    |              0 |            0 | 1.0
        8 |             |       31 | 2025-01-02    |              0 |            0 | 1.0
"""
customer_facts = """
 customer_id | class
           1 | intermediary
           2 | one_off
"""
facts = """
 order_id | variety | stages_unkept | low_repair | class_level | source_regular
        1 | 0       | 0             | 0          | 2           | 0
        2 | 2       | 1             | 1          | 2           | 0
        3 | 3       | 0             | 1          | 2           | 0
        4 | 3       | 1             | 1          | 2           | 1
        5 | 1       | 0             | 1          | 2           | 1
        6 | 0       | 0             | 0          | 0           | 0
        7 | 0       | 0             | 0          | 0           | 0
        8 |         | 0             |            |             |
"""


def test_different_assets_and_a_bad_repair_among_his(spec_view):
    spec_view("source_facts", facts, service_facts=service_facts, customer_facts=customer_facts)
