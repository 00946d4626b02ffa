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
from dovolen.desk.money.actions.prices import PriceTaken, add_price, change_price, switch_price
from dovolen.desk.money.actions.sellers import (
    EntityOff,
    EntitySells,
    EntityTaken,
    NotOfRegime,
    add_entity,
    change_entity,
    set_seller,
    switch_entity,
)
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
from dovolen.desk.money.actions.statements import (
    LineDecided,
    NothingCame,
    NotItsEntity,
    NotOurAccount,
    NotRead,
    SeveralAccounts,
    SharesWrong,
    book_line,
    ignore_line,
    import_statement,
    reconsider_line,
)

__all__ = [
    "DifferenceUnsaid", "EntityOff", "EntitySells", "EntityTaken", "InvoiceCancelled", "InvoicePaid", "IsRefund",
    "LineDecided", "MoreThanDebt", "MoreThanPaid", "NoOpenShift", "NotInDrawer", "NotItsCurrency", "NotItsEntity",
    "NotOfRegime", "NotOurAccount", "NotRead", "NothingCame", "NothingToBill", "PriceTaken", "SeveralAccounts",
    "SharesWrong", "ShiftClosed", "ShiftOpen", "add_entity", "add_price", "book_line", "cancel_invoice",
    "change_entity", "change_price", "charge", "close_shift", "ignore_line", "import_statement", "issue_invoice",
    "move_cash", "note_receipt", "open_shift", "reconsider_line", "refund", "set_seller", "switch_entity",
    "switch_price", "take_payment", "write_off",
]  # fmt: skip
