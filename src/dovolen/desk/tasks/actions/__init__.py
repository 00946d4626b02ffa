"""What is done with tasks and shifts: each leaves an event in the journal."""

from dovolen.desk.tasks.actions.shifts import (
    AlreadyOn,
    NothingToNote,
    NotOn,
    ShiftClosed,
    ShiftOpen,
    close_shift,
    join,
    leave,
    open_shift,
    write_log,
)
from dovolen.desk.tasks.actions.tasks import (
    DoneAlready,
    NotDone,
    NotHere,
    NoTitle,
    add,
    change,
    finish,
    put_off,
    reopen,
)

__all__ = [
    "AlreadyOn", "DoneAlready", "NoTitle", "NotDone", "NotHere", "NotOn", "NothingToNote", "ShiftClosed", "ShiftOpen",
    "add", "change", "close_shift", "finish", "join", "leave", "open_shift", "put_off", "reopen", "write_log",
]  # fmt: skip
