"""What papers there are: the version of each form, what it cannot do without, and which go together."""

from __future__ import annotations

from dovolen.desk.documents.models import (
    ACT,
    ESTIMATE,
    INVOICE,
    KINDS,
    RECEIPT,
    TRANSFER_DOCUMENT,
    WARRANTY,
    WAYBILL,
    WORK_ORDER,
)  # fmt: skip

FORMS = {kind: f"{kind}-1" for kind in KINDS}
"""Kind → form in force. A changed form is a new file with the next number: papers remember theirs."""
BY_LAW_IN_RUSSIAN = frozenset({INVOICE, TRANSFER_DOCUMENT, WAYBILL})
"""Whose wording is given by the form itself, whatever language is asked for."""
ONE_AN_ORDER = frozenset({RECEIPT, ACT, WARRANTY, TRANSFER_DOCUMENT, WAYBILL})
"""Of which an order has one in force: another is drawn up when that was voided."""
LANDSCAPE = frozenset({TRANSFER_DOCUMENT, WAYBILL})
INTAKE, HAND_OVER = "intake", "hand_over"
PACKAGES = {INTAKE: (RECEIPT,), HAND_OVER: (ACT, WARRANTY, TRANSFER_DOCUMENT)}
"""What is printed together; of it, what this order has."""

_NAMED = ("legal_name", "tax_number")
_AT_BANK = ("bank_name", "bik", "account", "corr_account")
OF_SELLER: dict[str, tuple[str, ...]] = {
    RECEIPT: (*_NAMED, "legal_address"),
    ESTIMATE: _NAMED,
    WORK_ORDER: (*_NAMED, "legal_address"),
    ACT: (*_NAMED, "legal_address"),
    WARRANTY: (*_NAMED, "legal_address"),
    INVOICE: (*_NAMED, "legal_address", *_AT_BANK),
    TRANSFER_DOCUMENT: (*_NAMED, "legal_address", "head_name"),
    WAYBILL: (*_NAMED, "legal_address", "head_name"),
}
"""Fields of the seller without which a paper is not drawn up; a company's КПП is asked for with its ИНН."""
OF_COMPANY: dict[str, tuple[str, ...]] = {
    ACT: ("tax_number",),
    INVOICE: ("tax_number",),
    TRANSFER_DOCUMENT: ("tax_number", "legal_address"),
    WAYBILL: ("tax_number", "legal_address"),
}
"""Requisites that a company's papers need; a person is written by his name."""
NEEDS_LINES = frozenset({ESTIMATE, WORK_ORDER, INVOICE, TRANSFER_DOCUMENT, WAYBILL})
ROUBLES_ONLY = frozenset({INVOICE, TRANSFER_DOCUMENT, WAYBILL})
