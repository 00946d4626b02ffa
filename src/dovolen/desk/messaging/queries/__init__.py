"""What pages show of messages, answers and contacts."""

from dovolen.desk.messaging.queries.contacts import PURPOSES, contact_of, reports_due, unconfirmed
from dovolen.desk.messaging.queries.inbox import REACT_WITHIN, VIEWS, answers, inbox, met_lately, readers, row_of
from dovolen.desk.messaging.queries.talk import Said, Talk, said, talk

__all__ = [
    "PURPOSES", "REACT_WITHIN", "VIEWS", "Said", "Talk", "answers", "contact_of", "inbox", "met_lately", "readers",
    "reports_due", "row_of", "said", "talk", "unconfirmed",
]  # fmt: skip
