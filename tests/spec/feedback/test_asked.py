"""Who was asked: a message with the purpose `survey`; else a row of feedback without a score; else, for want of anything
surer, a client who picked up an order since the earliest answer. Thirty days to answer."""

title = "Asked and answered"
orders = """
 order_id | customer_id | accepted_at      | picked_up_at
        1 |           1 | 2025-01-01 12:00 | 2025-01-05 12:00
        2 |           1 | 2025-02-01 12:00 | 2025-02-05 12:00
        3 |           2 | 2025-02-01 12:00 | 2025-02-06 12:00
        4 |           3 | 2025-02-01 12:00 | 2025-06-20 12:00
"""
messages = """
 customer_id | sent_at          | purpose
           1 | 2025-02-06 12:00 | survey
           2 | 2025-02-07 12:00 | survey
           2 | 2025-02-08 12:00 | offer
           3 | 2025-06-20 12:00 | survey
"""
feedback = """
 customer_id | order_id | at               | kind | score
           9 |          | 2025-01-20 12:00 | nps  |     9
           1 |        2 | 2025-02-07 12:00 | nps  |    10
           2 |        3 | 2025-04-01 12:00 | nps  |
"""
asked = """
 asked_by | asked_date | answered
 message  | 2025-02-06 |        1
 message  | 2025-02-07 |        0
 blank    | 2025-01-20 |        1
 blank    | 2025-02-07 |        1
 blank    | 2025-04-01 |        0
 pickup   | 2025-02-05 |        1
 pickup   | 2025-02-06 |        0
"""


def test_too_late_to_be_silent_and_before_the_first_answer_are_left_out(spec_view):
    spec_view("feedback_asked", asked, orders=orders, messages=messages, feedback=feedback, asof="2025-06-30")
