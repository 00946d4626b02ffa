"""What is done with the calendar: each leaves an event in the journal."""

from dovolen.desk.planning.actions.bays import BayTaken, add_bay, change_bay
from dovolen.desk.planning.actions.slots import (
    Busy,
    Cancelled,
    CentreClosed,
    EndsBefore,
    NobodyNamed,
    NotHere,
    NotYet,
    TooLong,
    arrive,
    book,
    cancel_slot,
    change_slot,
)

__all__ = [
    "BayTaken", "Busy", "Cancelled", "CentreClosed", "EndsBefore", "NobodyNamed", "NotHere", "NotYet", "TooLong",
    "add_bay", "arrive", "book", "cancel_slot", "change_bay", "change_slot",
]  # fmt: skip
