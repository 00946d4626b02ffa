"""What is asked of papers."""

from dovolen.desk.documents.queries.papers import (
    IN_FORCE,
    VOIDED,
    Cursor,
    PaperFilters,
    bytes_of,
    fitting,
    for_client,
    of_order,
    package,
    register,
    setup_of,
)  # fmt: skip

__all__ = [
    "IN_FORCE", "VOIDED", "Cursor", "PaperFilters", "bytes_of", "fitting", "for_client", "of_order", "package",
    "register", "setup_of",
]  # fmt: skip
