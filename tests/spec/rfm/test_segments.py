"""Named segments stand on five grades; the first rule that matches names the client, and who matches none hibernates.
Other grids have no named segments."""

title = "Segments"
grades = """
 customer_id | rfm_r | rfm_f | rfm_m
           1 |     5 |     5 |     5
           2 |     5 |     3 |     2
           3 |     2 |     4 |     4
           4 |     4 |     2 |     5
           5 |     5 |     1 |     1
           6 |     1 |     3 |     5
           7 |     2 |     5 |     5
           8 |     2 |     5 |     3
           9 |     3 |     1 |     1
          10 |     1 |     5 |     1
          11 |     2 |     4 |     1
"""
segments = """
 customer_id | rfm_segment
           1 | champions
           2 | potential_loyalist
           3 | loyal_customers
           4 | promising
           5 | new_customers
           6 | cant_lose
           7 | at_risk
           8 | need_attention
           9 | about_to_sleep
          10 | lost
          11 | hibernating
"""
of_three = """
 customer_id | rfm_r | rfm_f | rfm_m
           1 |     3 |     3 |     3
"""
nameless = """
 customer_id | rfm_segment
           1 |
"""


def test_the_first_rule_that_matches_names_the_client(spec_view):
    spec_view("rfm", segments, rfm_grades=grades, grid="5")


def test_three_grades_name_no_segments(spec_view):
    spec_view("rfm", nameless, rfm_grades=of_three, grid="3")
