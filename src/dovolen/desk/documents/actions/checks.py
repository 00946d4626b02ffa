"""What a paper cannot do without: each refusal names what is missing and where it is filled in."""

from __future__ import annotations

from dovolen.desk.core import words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.documents import kinds
from dovolen.desk.documents.facts import totals_of
from dovolen.desk.documents.facts.papers import goods_of
from dovolen.desk.documents.facts.parties import is_entrepreneur
from dovolen.desk.documents.models import ACT, INVOICE, TRANSFER_DOCUMENT, WARRANTY, WAYBILL
from dovolen.desk.documents.queries.sources import Source
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.orders.models import CANCELLED, CLOSED, READY, TOLD

ROUBLES = "RUB"


class NoSeller(Refusal):
    """The centre sells in nobody's name yet."""

    key = "papers.refused.no_seller"


class SellerIncomplete(Refusal):
    """The seller lacks what this paper has to say."""

    key = "papers.refused.seller_incomplete"


class ClientIncomplete(Refusal):
    """The company lacks what this paper has to say."""

    key = "papers.refused.client_incomplete"


class NoLines(Refusal):
    """There is nothing to list."""

    key = "papers.refused.no_lines"


class NoGoods(Refusal):
    """A waybill lists things, and there are none."""

    key = "papers.refused.no_goods"


class NotReadyYet(Refusal):
    """The work is not finished."""

    key = "papers.refused.not_ready"


class OrderCancelled(Refusal):
    """Nothing was done that could be told."""

    key = "papers.refused.cancelled"


class LinesWait(Refusal):
    """The client has not said his word on every line."""

    key = "papers.refused.lines_wait"


class NoWarranty(Refusal):
    """Nothing is warranted, or not yet."""

    key = "papers.refused.no_warranty"


class RoublesOnly(Refusal):
    """The form by law is written in roubles."""

    key = "papers.refused.roubles_only"


class NothingToPay(Refusal):
    """All of it is paid."""

    key = "papers.refused.nothing_to_pay"


def check(kind: str, source: Source) -> LegalEntity:
    """Go on only when the paper would be whole; gives in whose name it is.

    Raises: NoSeller, SellerIncomplete, ClientIncomplete, and what `_check_order` and `_check_lines` raise.
    """
    _check_order(kind, source)
    if source.entity is None:
        raise NoSeller(centre=source.centre.name)
    _check_seller(kind, source.entity)
    _check_client(kind, source)
    _check_lines(kind, source, source.entity)
    return source.entity


def _check_order(kind: str, source: Source) -> None:
    order = source.order
    if kind in (ACT, TRANSFER_DOCUMENT, WAYBILL):
        if order.outcome == CANCELLED:
            raise OrderCancelled(number=order.number)
        if order.phase not in (READY, TOLD, CLOSED):
            raise NotReadyYet(number=order.number, paper=words.current().name("papers.kind", kind))
        if order.n_waiting_lines:
            raise LinesWait(n=order.n_waiting_lines)
    if kind == WARRANTY and not any(line.warranty_until for line in source.lines):
        raise NoWarranty(number=order.number)
    if kind in kinds.ROUBLES_ONLY and order.currency != ROUBLES:
        raise RoublesOnly(currency=order.currency)


def _check_seller(kind: str, entity: LegalEntity) -> None:
    missing = [name for name in kinds.OF_SELLER[kind] if not getattr(entity, name)]
    if kind in kinds.OF_COMPANY and not entity.kpp and not is_entrepreneur(entity.tax_number):
        missing.append("kpp")
    if missing:
        raise SellerIncomplete(seller=entity.name, paper=_paper(kind), fields=_named(missing))


def _check_client(kind: str, source: Source) -> None:
    if not source.is_company:
        return
    held = source.requisites
    missing = [name for name in kinds.OF_COMPANY.get(kind, ()) if not getattr(held, name, "")]
    if missing:
        raise ClientIncomplete(client=source.customer.name, paper=_paper(kind), fields=_named(missing))


def _check_lines(kind: str, source: Source, entity: LegalEntity) -> None:
    if kind in kinds.NEEDS_LINES and not source.lines:
        raise NoLines(number=source.order.number)
    if kind == WAYBILL and not goods_of(source):
        raise NoGoods(number=source.order.number)
    if kind == INVOICE and totals_of(source.lines, entity).amount <= source.paid:
        raise NothingToPay(number=source.order.number)


def _paper(kind: str) -> str:
    return words.current().name("papers.kind", kind)


def _named(fields: list[str]) -> str:
    return ", ".join(words.say(f"papers.requisite.{name}") for name in fields)
