"""What is done with money: each leaves an event in the journal."""

from dovolen.desk.money.actions.invoices import (
    InvoiceCancelled,
    InvoicePaid,
    NothingToBill,
    NotItsMoney,
    cancel_invoice,
    issue_invoice,
)

__all__ = [
    "InvoiceCancelled", "InvoicePaid", "NotItsMoney", "NothingToBill", "cancel_invoice", "issue_invoice",
]  # fmt: skip
