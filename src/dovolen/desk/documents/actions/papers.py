"""Papers are drawn up, and voided when they were wrong: a number once given stays given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import files, journal, site, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Counter, StoredFile
from dovolen.desk.core.numbers import next_number
from dovolen.desk.core.values import known, said
from dovolen.desk.documents import kinds
from dovolen.desk.documents.actions.checks import check
from dovolen.desk.documents.facts import Heading, facts_of, totals_of
from dovolen.desk.documents.facts.papers import goods_of, payable_until
from dovolen.desk.documents.models import INVOICE, KINDS, RECEIPT, WARRANTY, WAYBILL, Document
from dovolen.desk.documents.payment_code import code_of, payment_text
from dovolen.desk.documents.press import LOGO, printed
from dovolen.desk.documents.queries import fitting, package
from dovolen.desk.documents.queries.sources import Source, source_of
from dovolen.desk.money import actions as money
from dovolen.desk.money.models import Invoice, LegalEntity
from dovolen.desk.orders import actions as orders
from dovolen.desk.orders.models import RepairOrder
from dovolen.insight.words import LANGUAGES

PDF = "application/pdf"
WITHOUT_SUM = frozenset({RECEIPT, WARRANTY})


class DrawnUpAlready(Refusal):
    """An order has one of these, and it is in force."""

    key = "papers.refused.drawn_up_already"


class NothingToPrint(Refusal):
    """Of this package the order has nothing yet."""

    key = "papers.refused.nothing_to_print"


class VoidedAlready(Refusal):
    """It was voided before."""

    key = "papers.refused.voided_already"


@dataclass(frozen=True)
class Draft:
    """A paper that is printed and not numbered yet: it bears the number that comes next, unless somebody is quicker."""

    kind: str
    source: Source
    entity: LegalEntity
    by: Staff
    now: datetime
    language: str
    link: str = ""
    """Address of the client's page, which his receipt leads to."""
    number: int = 0
    facts: dict[str, Any] | None = None
    pdf: bytes = b""

    @property
    def year(self) -> int:
        """By the calendar of the centre."""
        return self.source.centre.local(self.now).year


def draw_up(*, kind: str, order: RepairOrder, by: Staff, now: datetime, language: str = "ru") -> Document:
    """Draw up a paper of an order: number, row and file come to be together, or none of them.

    It is printed before the number is taken, so that nobody waits for the press; printed anew where the number went
    to somebody else meanwhile. Raises: NotAllowed, DrawnUpAlready, UnknownCode, whatever `check` refuses,
    PaperTooLong, NotPrinted, NoRoom. Leaves: `order.paper_drawn_up`, for a bill also `invoice.issued`.
    """
    return keep(draft=prepare(kind=kind, order=order, by=by, now=now, language=language))


def prepare(*, kind: str, order: RepairOrder, by: Staff, now: datetime, language: str = "ru") -> Draft:
    """Print a paper under the number that comes next; nothing is written. Raises: as `draw_up`."""
    known(kind, KINDS)
    known(language, LANGUAGES)
    require(by, "issue papers", order.centre_id)
    _check_first(kind, order)
    source = source_of(order)
    entity = check(kind, source)
    spoken = LANGUAGES[0] if kind in kinds.BY_LAW_IN_RUSSIAN else language
    link = site.url(f"/c/{orders.link_of(source.order, now=now, by=by)}/") if kind == RECEIPT else ""
    draft = Draft(kind, source, entity, by, now, spoken, link)
    return _print(draft, _latest(draft) + 1)


@transaction.atomic
def keep(*, draft: Draft) -> Document:
    """Give a printed paper its number and keep it. Raises: as `draw_up`. Leaves: as `draw_up`."""
    source, by, now = draft.source, draft.by, draft.now
    number = next_number(_counter(draft.kind), source.centre, draft.year)
    _check_first(draft.kind, source.order)  # again: whoever draws one up at the same time waited for the number
    if number != draft.number:
        draft = _print(draft, number)
    assert draft.facts is not None
    sums = totals_of(goods_of(source) if draft.kind == WAYBILL else source.lines, draft.entity)
    name = f"{words.in_language(draft.language).say(f'papers.kind.{draft.kind}')} {draft.facts['number']}.pdf"
    stored = files.keep([draft.pdf], name=name.replace("/", "-"), media_type=PDF, by=by, at=now)
    document = Document.objects.create(
        kind=draft.kind, centre=source.centre, entity=draft.entity, year=draft.year, number=number, order=source.order,
        customer=source.customer, form=kinds.FORMS[draft.kind], language=draft.language, facts=draft.facts,
        file=stored,
        amount=None if draft.kind in WITHOUT_SUM else sums.amount, at=now, by=by,
    )  # fmt: skip
    if draft.kind == INVOICE:
        money.issue_invoice(
            number=document.facts["number"], entity=draft.entity, centre=source.centre, customer=source.customer,
            order_number=source.order.number, amount=sums.amount - source.paid, currency=source.order.currency, by=by,
            now=now, due_on=payable_until(source, now),
        )  # fmt: skip
    _note("order.paper_drawn_up", document, by, now, form=document.form, digest=stored.digest, **_sum(document))
    return document


def prepare_package(
    *, name: str, order: RepairOrder, by: Staff, now: datetime, language: str = "ru"
) -> list[Document | Draft]:
    """The papers of a package: those in force as they are, the others printed. Raises: as `draw_up`, NothingToPrint."""
    require(by, "issue papers", order.centre_id)
    wanted = package(order, known(name, tuple(kinds.PACKAGES)), fitting(order))
    if not wanted:
        raise NothingToPrint(number=order.number)
    held = {one.kind: one for one in in_force(order, wanted)}
    return [held.get(kind) or prepare(kind=kind, order=order, by=by, now=now, language=language) for kind in wanted]


@transaction.atomic
def keep_all(*, papers: Sequence[Document | Draft]) -> list[Document]:
    """Number and keep what was printed, all or none; what is kept already stays. Raises, leaves: as `draw_up`."""
    return [keep(draft=one) if isinstance(one, Draft) else one for one in papers]


@transaction.atomic
def void(*, document: Document, reason: str, by: Staff, now: datetime) -> None:
    """Say that a paper does not hold, and why; its number stays given, its bill is asked for no more.

    Raises: NotAllowed, NoText, TooLong, VoidedAlready, InvoicePaid. Leaves: `order.paper_voided`.
    """
    require(by, "void papers", document.centre_id)
    why = said(reason, 200)
    claimed = Document.objects.filter(pk=document.pk, voided_at=None).update(
        voided_at=now, voided_by=by, voided_reason=why
    )
    if not claimed:
        raise VoidedAlready
    if document.kind == INVOICE:
        called = {"number": document.facts["number"], "issued_at": document.at, "entity": document.entity_id}
        for invoice in Invoice.objects.filter(**called, cancelled_at=None):
            money.cancel_invoice(invoice=invoice, by=by, now=now)
    document.voided_at, document.voided_by, document.voided_reason = now, by, why
    _note("order.paper_voided", document, by, now)


def in_force(order: RepairOrder, wanted: Sequence[str]) -> list[Document]:
    """Papers of these kinds that an order has and that were not voided, the latest of a kind last."""
    found = Document.objects.filter(order=order, kind__in=wanted, voided_at=None)
    return list(found.select_related("file").order_by("at", "pk"))


def _note(kind: str, document: Document, by: Staff, now: datetime, **facts: Any) -> None:
    """Leave an event in the story of the order."""
    called: dict[str, Any] = {"paper": document.kind, "called": document.facts["number"], "year": document.year}
    journal.record(
        kind, subject=document.order, by=by, at=now, centre=document.centre, document=document, **called, **facts
    )


def _sum(document: Document) -> dict[str, int]:
    """Of a paper that has one."""
    return {} if document.amount is None else {"amount": document.amount}


def _check_first(kind: str, order: RepairOrder) -> None:
    if kind in kinds.ONE_AN_ORDER and (held := in_force(order, [kind])):
        raise DrawnUpAlready(paper=words.current().name("papers.kind", kind), number=held[-1].facts["number"])


def _counter(kind: str) -> str:
    return f"paper.{kind}"


def _latest(draft: Draft) -> int:
    found = Counter.objects.filter(kind=_counter(draft.kind), centre_id=draft.source.centre.pk, year=draft.year)
    return found.values_list("last", flat=True).first() or 0


def _print(draft: Draft, number: int) -> Draft:
    """The draft under this number."""
    source = draft.source
    called = f"{number}/{source.centre.pk}" if source.n_places > 1 else str(number)
    heading = Heading(draft.kind, called, draft.now, draft.by.name, draft.language)
    facts = facts_of(source, draft.entity, heading)
    logo = source.setup.logo if source.setup else None
    made = printed(
        kinds.FORMS[draft.kind], facts, at=draft.now, marks=_marks(draft, facts), beside=_pictures(logo),
        words=words.in_language(draft.language).beginning_with("papers.form."),
    )  # fmt: skip
    return replace(draft, number=number, facts=facts | {"n_pages": made.n_pages}, pdf=made.pdf)


def _marks(draft: Draft, facts: dict[str, Any]) -> dict[str, str]:
    """Codes that are drawn: an address is a key, and stands in the paper alone, not in its row."""
    if draft.link:
        return {"qr": code_of(draft.link), "address": draft.link}
    if draft.kind != INVOICE:
        return {}
    entity = draft.entity
    payee = {
        "Name": entity.legal_name, "PersonalAcc": entity.account, "BankName": entity.bank_name, "BIC": entity.bik,
        "CorrespAcc": entity.corr_account, "PayeeINN": entity.tax_number, "KPP": entity.kpp,
    }  # fmt: skip
    to_pay = totals_of(draft.source.lines, entity).amount - draft.source.paid
    return {"qr": code_of(payment_text(amount=to_pay, purpose=facts["purpose"], payee=payee))}


def _pictures(logo: StoredFile | None) -> dict[str, bytes]:
    """The logo of the centre, where it has one and the home folder still has its bytes."""
    path = files.path_of(logo.digest) if logo else None
    return {LOGO: path.read_bytes()} if path and path.exists() else {}
