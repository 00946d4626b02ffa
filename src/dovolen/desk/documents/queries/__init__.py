"""What is asked of papers."""

from dovolen.desk.documents.queries.papers import (
    ALL,
    HOLDING,
    VOIDED,
    Page,
    PaperFilters,
    bytes_of,
    fitting,
    for_client,
    of_order,
    package,
    register,
    setup_of,
    setups_of,
)  # fmt: skip

__all__ = [
    "ALL", "HOLDING", "VOIDED", "Page", "PaperFilters", "bytes_of", "fitting", "for_client", "of_order", "package",
    "register", "setup_of", "setups_of",
]  # fmt: skip
