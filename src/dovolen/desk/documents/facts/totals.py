"""Lines and sums: the tax of every line rounded half up to the kopeck, a paper's sums those of its lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dovolen.desk.documents.wording import OKEI, sum_in_words
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.money.taxes import NO_TAX, RATES, tax_in
from dovolen.desk.orders.models import Line
from dovolen.insight.currencies import minor_units
from dovolen.insight.words import Words

PERCENT = "\u202f%"


@dataclass(frozen=True)
class Sums:
    """Minor units."""

    amount: int
    tax: int
    discount: int
    codes: tuple[str, ...]
    """Rates that its lines bear, each once."""

    @property
    def net(self) -> int:
        """Without the tax."""
        return self.amount - self.tax


def code_of(line: Line, entity: LegalEntity) -> str:
    """The rate of a line: its own, else the seller's usual one."""
    return line.tax_code or entity.tax_code


def tax_codes_of(lines: Iterable[Line], entity: LegalEntity) -> tuple[str, ...]:
    """Rates that these lines bear, each once, in their order."""
    return tuple(dict.fromkeys(code_of(line, entity) for line in lines))


def totals_of(lines: Iterable[Line], entity: LegalEntity) -> Sums:
    """Sums of a paper: of its lines, never reckoned from its total."""
    held = list(lines)
    return Sums(
        amount=sum(line.amount for line in held),
        tax=sum(tax_in(line.amount, code_of(line, entity)) for line in held),
        discount=sum(line.discount for line in held),
        codes=tax_codes_of(held, entity),
    )


@dataclass(frozen=True)
class Writer:
    """How a paper writes sums of its currency."""

    speaker: Words
    currency: str

    def sum(self, minor: int) -> str:
        """«1 000 001,01»."""
        units = minor_units(self.currency)
        return self.speaker.number(minor / units, len(str(units)) - 1)

    def quantity(self, value: Decimal) -> str:
        """«1», «1,5»."""
        exponent = value.normalize().as_tuple().exponent
        return self.speaker.number(float(value), max(0, -int(exponent)))

    def rate(self, code: str) -> str:
        """«22 %», or the words for none."""
        if code == NO_TAX:
            return self.speaker.say("papers.print.no_tax")
        return f"{RATES[code].percent}{PERCENT}"


def line_facts(lines: list[Line], entity: LegalEntity, writer: Writer) -> list[dict[str, Any]]:
    """Lines as papers list them."""
    return [_line(place, line, entity, writer) for place, line in enumerate(lines, 1)]


def _line(place: int, line: Line, entity: LegalEntity, writer: Writer) -> dict[str, Any]:
    code = code_of(line, entity)
    tax = tax_in(line.amount, code)
    net = line.amount - tax
    unit, okei = OKEI[line.kind]
    return {
        "n": place, "name": line.name, "kind": line.kind, "unit": writer.speaker.name("papers.unit", line.kind),
        "unit_ru": unit, "okei": okei, "quantity": writer.quantity(line.quantity), "price": writer.sum(line.price),
        "discount": writer.sum(line.discount) if line.discount else "", "amount": writer.sum(line.amount),
        "rate": writer.rate(code), "tax": writer.rate(code) if code == NO_TAX else writer.sum(tax),
        "net": writer.sum(net), "net_price": writer.sum(_each(net, line.quantity)),
        "warranty": writer.speaker.count("papers.count.days", line.warranty_days) if line.warranty_days else "",
    }  # fmt: skip


def _each(net: int, quantity: Decimal) -> int:
    return int((net / quantity).quantize(Decimal(1), ROUND_HALF_UP))


def total_facts(lines: list[Line], entity: LegalEntity, writer: Writer, *, paid: int = 0) -> dict[str, Any]:
    """Sums as papers write them; `paid` was paid before, what is left is told with it."""
    sums = totals_of(lines, entity)
    is_taxed = any(code != NO_TAX for code in sums.codes)
    return {
        "n": len(lines), "amount": writer.sum(sums.amount), "net": writer.sum(sums.net),
        "discount": writer.sum(sums.discount) if sums.discount else "", "is_taxed": is_taxed,
        "tax": writer.sum(sums.tax) if is_taxed else writer.rate(NO_TAX), "taxes": _taxes(lines, entity, writer),
        "words": sum_in_words(sums.amount, writer.currency, writer.speaker),
        "quantity": writer.quantity(sum((line.quantity for line in lines), Decimal(0))),
        "paid": writer.sum(paid) if paid else "", "to_pay": writer.sum(max(0, sums.amount - paid)),
        "to_pay_words": sum_in_words(max(0, sums.amount - paid), writer.currency, writer.speaker),
        "currency": writer.speaker.name("papers.sign", writer.currency),
    }  # fmt: skip


def _taxes(lines: list[Line], entity: LegalEntity, writer: Writer) -> list[dict[str, str]]:
    """The tax by rates; a paper of untaxed lines has none."""
    return [
        {
            "rate": writer.rate(code),
            "tax": writer.sum(sum(tax_in(line.amount, code) for line in lines if code_of(line, entity) == code)),
        }
        for code in tax_codes_of(lines, entity)
        if code != NO_TAX
    ]
