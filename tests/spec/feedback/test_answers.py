"""NPS: 9–10 good, 0–6 bad. CSI: 7–10 good, 1–3 bad. CSAT: the two top steps of the scale are good, of five where none is
given. An answer that is no step of its scale counts nowhere; one without a score is silence."""

title = "Answers of clients"
feedback = """
 customer_id | at               | kind | score | scale
           1 | 2025-03-31 23:30 | nps  |     9 |    10
           2 | 2025-04-01 00:30 | nps  |     8 |    10
           3 | 2025-04-02 12:00 | nps  |     6 |    10
           4 | 2025-04-02 12:00 | nps  |    11 |    10
           5 | 2025-04-02 12:00 | csi  |     7 |    10
           6 | 2025-04-02 12:00 | csi  |     3 |    10
           7 | 2025-04-02 12:00 | csi  |     0 |    10
           8 | 2025-04-02 12:00 | csat |     4 |
           9 | 2025-04-02 12:00 | csat |     8 |    10
          10 | 2025-04-02 12:00 | CSAT |   3.5 |     5
          11 | 2025-04-02 12:00 | csat |       |     5
          12 | 2025-07-01 12:00 | nps  |    10 |    10
"""
answers = """
 customer_id | quarter    | kind | is_valid | good | bad
           1 | 2025-01-01 | nps  |        1 |    1 |   0
           2 | 2025-04-01 | nps  |        1 |    0 |   0
           3 | 2025-04-01 | nps  |        1 |    0 |   1
           4 | 2025-04-01 | nps  |        0 |    0 |   0
           5 | 2025-04-01 | csi  |        1 |    1 |   0
           6 | 2025-04-01 | csi  |        1 |    0 |   1
           7 | 2025-04-01 | csi  |        0 |    0 |   0
           8 | 2025-04-01 | csat |        1 |    1 |   0
           9 | 2025-04-01 | csat |        1 |    0 |   0
          10 | 2025-04-01 | csat |        0 |    0 |   0
          11 | 2025-04-01 | csat |        0 |    0 |   0
"""


def test_each_kind_has_its_own_good_and_bad(spec_view):
    spec_view("feedback_answers", answers, feedback=feedback, asof="2025-06-30")
