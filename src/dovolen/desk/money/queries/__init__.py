"""What is asked of money."""

from dovolen.desk.money.queries.accounts import Sums, account_of, debts_of, sums
from dovolen.desk.money.queries.invoices import INVOICE_STATES, InvoicesPage, invoices_page, open_bills, with_received
from dovolen.desk.money.queries.ledger import (
    CentreSheet,
    ClientSheet,
    DaySums,
    Debts,
    Entry,
    OrderSums,
    Period,
    centre_ledger,
    client_ledger,
    debtors,
    indebted,
    n_clients,
    payments_of,
)
from dovolen.desk.money.queries.prices import PriceFilters, in_reach_of, price_list, prices_for
from dovolen.desk.money.queries.sellers import Sells, entities, seller_of, who_sells_where
from dovolen.desk.money.queries.shifts import drawer_of, open_shift_of
from dovolen.desk.money.queries.statements import (
    Offer,
    Waiting,
    decided,
    facts_of,
    latest_statements,
    statements_seen_by,
    waiting,
)

__all__ = [
    "INVOICE_STATES",
    "CentreSheet",
    "ClientSheet",
    "DaySums",
    "Debts",
    "Entry",
    "InvoicesPage",
    "Offer",
    "OrderSums",
    "Period",
    "PriceFilters",
    "Sells",
    "Sums",
    "Waiting",
    "account_of",
    "centre_ledger",
    "client_ledger",
    "debtors",
    "debts_of",
    "decided",
    "drawer_of",
    "entities",
    "facts_of",
    "in_reach_of",
    "indebted",
    "invoices_page",
    "latest_statements",
    "n_clients",
    "open_bills",
    "open_shift_of",
    "payments_of",
    "price_list",
    "prices_for",
    "seller_of",
    "statements_seen_by",
    "sums",
    "waiting",
    "who_sells_where",
    "with_received",
]  # fmt: skip
