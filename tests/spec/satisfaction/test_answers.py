"""A client's answer as a score: linear from the lowest to the highest mark of his scale, 0 to 99. NPS begins with 0, other
scales up to ten with 1. His last answer by the day counts; a mark outside its scale is no answer."""

title = "The client's own answer"
orders = """
 order_id | accepted_at
        1 | 2025-01-01 12:00
        2 | 2025-01-01 12:00
        3 | 2025-01-01 12:00
        4 | 2025-01-01 12:00
        5 | 2025-01-01 12:00
        6 | 2025-01-01 12:00
"""
feedback = """
 customer_id | order_id | at               | kind      | score | scale
           1 |        1 | 2025-01-02 12:00 | csat      |   1.0 | 5.0
           1 |        2 | 2025-01-02 12:00 | nps       |   9.0 | 10.0
           1 |        3 | 2025-01-02 12:00 | csi       |  10.0 | 10.0
           1 |        3 | 2025-01-03 12:00 | csi       |   5.5 | 10.0
           1 |        3 | 2025-01-04 00:00 | csi       |   1.0 | 10.0
           1 |        4 | 2025-01-02 12:00 | review    |   6.0 | 5.0
           1 |        5 | 2025-01-02 12:00 | checklist |   3.0 | 5.0
"""
facts = """
 order_id | answer | answer_date
        1 | 0      | 2025-01-02
        2 | 89.1   | 2025-01-02
        3 | 49.5   | 2025-01-03
        4 |        |
        5 |        |
        6 |        |
"""


def test_marks_become_scores(spec_view):
    spec_view("service_facts", facts, orders=orders, feedback=feedback, asof="2025-01-03")
