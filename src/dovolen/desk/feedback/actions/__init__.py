"""What is done with complaints and answers of clients: each leaves an event in the journal."""

from dovolen.desk.feedback.actions.answers import OffScale, receive_answer
from dovolen.desk.feedback.actions.cases import (
    NoSuchOrder,
    NothingAnswered,
    NothingTold,
    NotYet,
    ResolvedAlready,
    TakenAlready,
    open_case,
    reply_to_case,
    resolve_case,
    take_case,
)

__all__ = [
    "NoSuchOrder", "NotYet", "NothingAnswered", "NothingTold", "OffScale", "ResolvedAlready", "TakenAlready",
    "open_case", "receive_answer", "reply_to_case", "resolve_case", "take_case",
]  # fmt: skip
