"""Along recency a client is recent, cooling or cold: the upper two fifths, the middle one, the lower two."""

title = "Recent, cooling, cold"
of_five = """
 customer_id | rfm_r | rfm_f | rfm_m
           1 |     5 |     1 |     1
           2 |     4 |     1 |     1
           3 |     3 |     1 |     1
           4 |     2 |     1 |     1
           5 |     1 |     1 |     1
"""
fifths = """
 customer_id | reading
           1 | recent
           2 | recent
           3 | cooling
           4 | cold
           5 | cold
"""
of_three = """
 customer_id | rfm_r | rfm_f | rfm_m
           1 |     3 |     1 |     1
           2 |     2 |     1 |     1
           3 |     1 |     1 |     1
"""
thirds = """
 customer_id | reading
           1 | recent
           2 | cooling
           3 | cold
"""


def test_five_grades_are_read_in_three(spec_view):
    spec_view("rfm", fifths, rfm_grades=of_five, grid="5")


def test_three_grades_are_the_three_readings(spec_view):
    spec_view("rfm", thirds, rfm_grades=of_three, grid="3")
