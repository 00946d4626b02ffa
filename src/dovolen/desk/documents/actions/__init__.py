"""What is done with papers: each leaves an event in the journal."""

from dovolen.desk.documents.actions.papers import (
    Draft,
    DrawnUpAlready,
    NothingToPrint,
    VoidedAlready,
    draw_up,
    keep,
    keep_all,
    prepare,
    prepare_package,
    void,
)
from dovolen.desk.documents.actions.setup import set_up_papers

__all__ = [
    "Draft", "DrawnUpAlready", "NothingToPrint", "VoidedAlready", "draw_up", "keep", "keep_all", "prepare",
    "prepare_package", "set_up_papers", "void",
]  # fmt: skip
