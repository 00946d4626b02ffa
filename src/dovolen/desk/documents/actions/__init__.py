"""What is done with papers: each leaves an event in the journal."""

from dovolen.desk.documents.actions.papers import (
    Draft,
    DrawnUpAlready,
    VoidedAlready,
    draw_up,
    draw_up_package,
    keep,
    prepare,
    void,
)

__all__ = [
    "Draft", "DrawnUpAlready", "VoidedAlready", "draw_up", "draw_up_package", "keep", "prepare", "void",
]  # fmt: skip
