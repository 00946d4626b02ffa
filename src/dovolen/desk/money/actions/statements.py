"""Bank statements: a file is read in, and each line is booked on the bills it pays, or left alone with a reason.

Reading in books nothing. A line is decided once; the same line of another file is known by its digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import files, journal, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Mark
from dovolen.desk.core.values import said, text
from dovolen.desk.money import bank
from dovolen.desk.money.actions.invoices import InvoiceCancelled
from dovolen.desk.money.actions.payments import take_payment
from dovolen.desk.money.models import (
    IGNORED,
    MATCHED,
    NEW,
    TRANSFER,
    Invoice,
    LegalEntity,
    Payment,
    Statement,
    StatementLine,
)
from dovolen.desk.money.queries.invoices import ROUBLES

RIGHT = "import statements"
LOCK = "money.statements"
LONGEST_NAME, LONGEST_REASON = 200, 200


class NotRead(Refusal):
    """The file is no statement that can be read."""

    def __init__(self, cause: bank.Unreadable) -> None:
        self.key = f"statements.unreadable.{cause.code}"
        super().__init__(**cause.values)


class NotOurAccount(Refusal):
    """The statement is of an account that none of our sellers has."""

    key = "statements.refused.not_our_account"


class SeveralAccounts(Refusal):
    """The statement is of accounts of several of our sellers."""

    key = "statements.refused.several_accounts"


class NothingCame(Refusal):
    """No money came by this statement."""

    key = "statements.refused.nothing_came"


class LineDecided(Refusal):
    """Somebody decided about this line before."""

    key = "statements.refused.line_decided"


class SharesWrong(Refusal):
    """What is booked is not what came."""

    key = "statements.refused.shares_wrong"


class NotItsEntity(Refusal):
    """The bill was issued in another name than the account is of."""

    key = "statements.refused.not_its_entity"


@transaction.atomic
def import_statement(*, data: bytes, name: str, by: Staff, now: datetime) -> Statement:
    """Read a file in: its lines that were not known before wait to be decided about.

    Raises: NotRead, NotOurAccount, SeveralAccounts, NotAllowed, NothingCame. Leaves: `statement.imported`.
    """
    try:
        told = bank.read(data)
    except bank.Unreadable as cause:
        raise NotRead(cause) from cause
    entity = _whose(told)
    require_at(by, entity)
    found = bank.sort(told, entity.account)
    if not found.incoming:
        raise NothingCame(expenses=found.n_expenses, others=found.n_others, malformed=len(found.malformed))
    Mark.objects.update_or_create(name=LOCK, defaults={"at": now})  # two who read the same file in do it in turn
    digests = [line.digest for line in found.incoming]
    known = set(StatementLine.objects.filter(digest__in=digests).values_list("digest", flat=True))
    fresh = [line for line in found.incoming if line.digest not in known]
    days = [line.day for line in found.incoming]
    stored = files.keep([data], name=name[-LONGEST_NAME:], media_type="text/plain", by=by, at=now)
    statement = Statement.objects.create(
        entity=entity, file=stored, account=entity.account, begins_on=told.begins_on or min(days),
        ends_on=told.ends_on or max(days), n_lines=len(found.incoming), n_new=len(fresh), at=now, by=by,
    )  # fmt: skip
    StatementLine.objects.bulk_create(StatementLine(statement=statement, **vars(line)) for line in fresh)
    journal.record(
        "statement.imported", subject=statement, by=by, at=now, entity=entity, n_lines=statement.n_lines,
        n_new=statement.n_new, n_expenses=found.n_expenses, n_others=found.n_others,
        malformed=list(found.malformed[:50]), n_malformed=len(found.malformed), n_broken=told.n_broken,
        is_whole=told.is_whole,
    )  # fmt: skip
    return statement


def _whose(told: bank.Told) -> LegalEntity:
    """The seller whose account the file is of. Raises: NotOurAccount, SeveralAccounts."""
    found = list(LegalEntity.objects.filter(account__in=told.accounts, is_active=True).order_by("pk")[:2])
    if not found:
        raise NotOurAccount(account=told.accounts[0][:30])
    if len(found) > 1:
        raise SeveralAccounts
    return found[0]


def require_at(by: Staff, entity: LegalEntity) -> None:
    """Go on only when he imports statements wherever this entity sells. Raises: NotAllowed."""
    at = set(entity.sellers.values_list("centre_id", flat=True))
    if not (at and at <= by.centre_ids(RIGHT)):
        raise NotAllowed


@transaction.atomic
def book_line(
    *, line: StatementLine, shares: Sequence[tuple[Invoice, int]], reason: str = "", by: Staff, now: datetime
) -> list[Payment]:
    """Book what came on the bills it pays: a payment of each. The shares make up the line to the kopeck.

    Raises: NotAllowed, LineDecided, SharesWrong, NotItsEntity, InvoiceCancelled, NotItsCurrency.
    Leaves: `statement.line_booked`, and `money.paid` of each payment.
    """
    require_at(by, line.statement.entity)
    if sum(amount for _, amount in shares) != line.amount or any(amount <= 0 for _, amount in shares):
        raise SharesWrong(amount=words.money(line.amount, ROUBLES))
    _decide(line, MATCHED, text(reason, LONGEST_REASON), by, now)
    made = [_pay(line, invoice, amount, by, now) for invoice, amount in shares]
    journal.record(
        "statement.line_booked", subject=line.statement, by=by, at=now, line=line, amount=line.amount,
        payments=[payment.pk for payment in made], invoices=[invoice.pk for invoice, _ in shares],
    )  # fmt: skip
    return made


def _pay(line: StatementLine, invoice: Invoice, amount: int, by: Staff, now: datetime) -> Payment:
    held = Invoice.objects.select_for_update(no_key=True, of=("self",)).select_related("centre", "customer")
    bill = held.get(pk=invoice.pk)
    if bill.entity_id != line.statement.entity_id:
        raise NotItsEntity(number=bill.number)
    if bill.cancelled_at:
        raise InvoiceCancelled
    return take_payment(
        order_number=bill.order_number, centre=bill.centre, customer=bill.customer, currency=bill.currency,
        method=TRANSFER, amount=amount, invoice=bill, statement_line=line, by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def ignore_line(*, line: StatementLine, reason: str, by: Staff, now: datetime) -> None:
    """What came is for no bill of ours. Raises: NotAllowed, LineDecided, NoText. Leaves: `statement.line_ignored`."""
    require_at(by, line.statement.entity)
    _decide(line, IGNORED, said(reason, LONGEST_REASON), by, now)
    journal.record("statement.line_ignored", subject=line.statement, by=by, at=now, line=line, amount=line.amount)


@transaction.atomic
def reconsider_line(*, line: StatementLine, by: Staff, now: datetime) -> None:
    """What was left alone waits again. Raises: NotAllowed, LineDecided. Leaves: `statement.line_reconsidered`."""
    require_at(by, line.statement.entity)
    open_again = {"fate": NEW, "reason": "", "decided_at": None, "decided_by": None}
    if not StatementLine.objects.filter(pk=line.pk, fate=IGNORED).update(**open_again):
        raise LineDecided
    journal.record("statement.line_reconsidered", subject=line.statement, by=by, at=now, line=line)


def _decide(line: StatementLine, fate: str, reason: str, by: Staff, now: datetime) -> None:
    """The conditional update is the lock: a line is booked once. Raises: LineDecided."""
    decided = {"fate": fate, "reason": reason, "decided_at": now, "decided_by": by}
    if not StatementLine.objects.filter(pk=line.pk, fate=NEW).update(**decided):
        raise LineDecided
    for name, value in decided.items():
        setattr(line, name, value)
