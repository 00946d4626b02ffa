"""What is done with messages, answers and contacts: each leaves an event in the journal."""

from dovolen.desk.messaging.actions.contacts import (
    NothingAgreed,
    NothingSaid,
    NothingToConfirm,
    NotYet,
    ReportedAlready,
    add_contact,
    confirm,
    report_contact,
    report_text,
)
from dovolen.desk.messaging.actions.inbox import (
    DoneAlready,
    NobodysAnswer,
    NoResult,
    NotDone,
    NotHere,
    Taken,
    answer,
    finish_incoming,
    give_incoming,
    reopen_incoming,
    take_incoming,
    tie_incoming,
)
from dovolen.desk.messaging.actions.outbox import (
    BadText,
    GoneAlready,
    NothingToSay,
    NotUnclear,
    call_it_sent,
    cancel,
    queue,
    send_again,
    withdraw,
    write,
)
from dovolen.desk.messaging.actions.setup import (
    NoChannel,
    NotTheirs,
    faults_of,
    reset_text,
    set_up_notice,
    write_text,
)

__all__ = [
    "BadText", "DoneAlready", "GoneAlready", "NoChannel", "NoResult", "NobodysAnswer", "NotDone", "NotHere",
    "NotTheirs", "NotUnclear", "NotYet", "NothingAgreed", "NothingSaid", "NothingToConfirm", "NothingToSay",
    "ReportedAlready", "Taken", "add_contact", "answer", "call_it_sent", "cancel", "confirm", "faults_of",
    "finish_incoming", "give_incoming", "queue", "reopen_incoming", "report_contact", "report_text", "reset_text",
    "send_again", "set_up_notice", "take_incoming", "tie_incoming", "withdraw", "write", "write_text",
]  # fmt: skip
