"""Brand + attractiveness of the order + how well we pitched, each 1–5."""

title = "Renewal index"
leads = """
 lead_id | at               | brand | attractiveness | pitch | outcome
       1 | 2025-01-01 12:00 |     5 |              3 |     1 |
       2 | 2025-01-01 12:00 |     1 |              2 |     2 | won
       3 | 2025-01-01 12:00 |     3 |              3 |     5 | Lost
       4 | 2025-01-01 12:00 |     3 |                |     5 |
       5 | 2025-01-01 12:00 |     6 |              3 |     1 |
       6 | 2025-07-01 12:00 |     5 |              5 |     5 |
"""
index = """
 lead_id | renewal_index | outcome
       1 |             9 |
       2 |             5 | won
       3 |            11 | lost
       4 |               |
       5 |               |
"""


def test_the_sum_of_three_marks_and_nothing_without_one(spec_view):
    spec_view("renewal_leads", index, leads=leads, asof="2025-06-30")
