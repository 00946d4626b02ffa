"""What is done with money: each leaves an event in the journal."""

from dovolen.desk.money.actions.accounts import MoreThanDebt, NotItsCurrency, charge, write_off
from dovolen.desk.money.actions.invoices import (
    InvoiceCancelled,
    InvoicePaid,
    NothingToBill,
    cancel_invoice,
    issue_invoice,
)
from dovolen.desk.money.actions.payments import IsRefund, MoreThanPaid, note_receipt, refund, take_payment
from dovolen.desk.money.actions.shifts import (
    DifferenceUnsaid,
    NoOpenShift,
    NotInDrawer,
    ShiftClosed,
    ShiftOpen,
    close_shift,
    move_cash,
    open_shift,
)

__all__ = [
    "DifferenceUnsaid",
    "InvoiceCancelled",
    "InvoicePaid",
    "IsRefund",
    "MoreThanDebt",
    "MoreThanPaid",
    "NoOpenShift",
    "NotInDrawer",
    "NotItsCurrency",
    "NothingToBill",
    "ShiftClosed",
    "ShiftOpen",
    "cancel_invoice",
    "charge",
    "close_shift",
    "issue_invoice",
    "move_cash",
    "note_receipt",
    "open_shift",
    "refund",
    "take_payment",
    "write_off",
]  # fmt: skip
