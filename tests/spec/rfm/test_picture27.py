"""Three grades of their own in each direction, cut at thirds, written best first: 333 is best whatever the grid."""

title = "The 27 segments"
values = """
 customer_id | recency_days | frequency | money
           1 |           10 |         9 |  1000
           2 |           20 |         5 |  2000
           3 |           30 |         2 |  3000
           4 |           40 |         1 |  4000
"""
codes = """
 customer_id | rfm27
           1 |   331
           2 |   321
           3 |   212
           4 |   113
"""
grades = """
 customer_id | third_r | third_f | third_m
           1 |       3 |       3 |       3
           2 |       3 |       3 |       2
           3 |       2 |       3 |       3
           4 |       1 |       2 |       2
           5 |       1 |       1 |       3
           6 |       1 |       1 |       2
           7 |       2 |       1 |       1
           8 |       2 |       2 |       2
           9 |       3 |       1 |       1
"""
groups = """
 customer_id | rfm27 | group27
           1 |   333 | best
           2 |   332 | best
           3 |   233 | best
           4 |   122 | sleeping
           5 |   113 | sleeping
           6 |   112 | worst
           7 |   211 | worst
           8 |   222 | normal
           9 |   311 | normal
"""


def test_thirds_are_cut_by_the_same_rule_as_grades(spec_view):
    spec_view("rfm", codes, rfm_values=values, grid="2")


def test_who_was_worth_much_and_is_long_gone_sleeps(spec_view):
    spec_view("rfm", groups, rfm_grades=grades, grid="5")
