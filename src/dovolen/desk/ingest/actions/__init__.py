"""What people do with imports: bring, choose, check, load, undo, stop. The work itself is done by `ingest.work`."""

from dovolen.desk.ingest.actions.asking import ask_check, ask_load, ask_undo, choose, stop
from dovolen.desk.ingest.actions.bringing import MOST_BYTES, bring, connect, keep, upload
from dovolen.desk.ingest.actions.refusals import (
    BadAddress,
    BadChoice,
    BadMapping,
    Broken,
    EmptyFile,
    HostNotNamed,
    NotNow,
    OtherCurrency,
    TooLarge,
    Touched,
)

__all__ = [
    "MOST_BYTES",
    "BadAddress",
    "BadChoice",
    "BadMapping",
    "Broken",
    "EmptyFile",
    "HostNotNamed",
    "NotNow",
    "OtherCurrency",
    "TooLarge",
    "Touched",
    "ask_check",
    "ask_load",
    "ask_undo",
    "bring",
    "choose",
    "connect",
    "keep",
    "stop",
    "upload",
]
