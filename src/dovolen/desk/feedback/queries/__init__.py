"""What pages show of complaints and answers."""

from dovolen.desk.feedback.queries.answers import answers_of, answers_page
from dovolen.desk.feedback.queries.cases import (
    COUNTED,
    VIEWS,
    CaseFilter,
    Clock,
    case_of,
    cases_page,
    clock_of,
    near_limit,
    of_customer,
)

__all__ = [
    "COUNTED", "VIEWS", "CaseFilter", "Clock", "answers_of", "answers_page", "case_of", "cases_page", "clock_of",
    "near_limit", "of_customer",
]  # fmt: skip
