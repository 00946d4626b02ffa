"""A grade counts the thresholds that a value exceeds; thresholds are exact type-7 quantiles. Five is best; for
recency fewer days are better. Equal values share a grade, so a grade may stay empty."""

title = "Grades"
values = """
 customer_id | recency_days | frequency |  money
           1 |           10 |         1 |   1000
           2 |           20 |         1 |   2000
           3 |           30 |         1 |   3000
           4 |           40 |         1 |   4000
           5 |           50 |         5 |   5000
           6 |           60 |         9 |   6000
"""
thresholds = """
 r_1  | r_2  | r_3  | r_4  | f_1 | f_2 | f_3 | f_4 |  m_1 |  m_2 |  m_3 |  m_4
   20 |   30 |   40 |   50 |   1 |   1 |   1 |   5 | 2000 | 3000 | 4000 | 5000
"""
grades = """
 customer_id | rfm_r | rfm_f | rfm_m
           1 |     5 |     1 |     1
           2 |     5 |     1 |     1
           3 |     4 |     1 |     2
           4 |     3 |     1 |     3
           5 |     2 |     4 |     4
           6 |     1 |     5 |     5
"""
halves = """
 customer_id | rfm_r | rfm_f | rfm_m
           1 |     2 |     1 |     1
           2 |     2 |     1 |     1
           3 |     2 |     1 |     1
           4 |     1 |     1 |     2
           5 |     1 |     2 |     2
           6 |     1 |     2 |     2
"""


def test_thresholds_are_quantiles_of_what_clients_have(spec_view):
    spec_view("rfm_thresholds", thresholds, rfm_values=values, grid="5")


def test_a_value_equal_to_the_threshold_does_not_exceed_it(spec_view):
    spec_view("rfm_grades", grades, rfm_values=values, grid="5")


def test_a_grid_of_two_parts_clients_at_the_median(spec_view):
    spec_view("rfm_grades", halves, rfm_values=values, grid="2")
