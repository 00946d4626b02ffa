"""Which bills a payment that came may be for: by the number in its purpose, its sum, who paid. Pure.

A proposal says its reasons; only one that stands on number and sum, with nothing against it, is sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from dovolen.desk.core.search import folded

SURE, LIKELY, DOUBTFUL = "sure", "likely", "doubtful"
CONFIDENCES = (SURE, LIKELY, DOUBTFUL)
NUMBER, ORDER, SUM, PART, OVER = "number", "order", "sum", "part", "over"
PAYER, ACCOUNT, OTHER_PAYER, SEVERAL = "payer", "account", "other_payer", "several"
REASONS = (NUMBER, ORDER, SUM, PART, OVER, PAYER, ACCOUNT, OTHER_PAYER, SEVERAL)
OFFERED = 8
"""Bills and pairs of bills that are offered for one payment."""
TRIED_IN_PAIRS = 10
WORD = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|[^\W_]+(?:[-/][^\W_]+)*")
DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
BILL = re.compile(r"сч[её]т\w*|сч|инвойс\w*|invoices?|inv", re.IGNORECASE)
JOB = re.compile(r"заказ\w*|наряд\w*|заказ-наряд\w*|order", re.IGNORECASE)
BETWEEN = frozenset("и and n no номер номера номеру на оплату для от г года".split())
"""Words that may stand between «счёт» and its number, and between two numbers."""


@dataclass(frozen=True)
class Bill:
    """A bill that waits for money: what is left of it, and how its client pays."""

    key: int
    number: str
    order_number: int
    left: int
    tax_number: str = ""
    account: str = ""


@dataclass(frozen=True)
class Came:
    """What is known of a payment."""

    amount: int
    purpose: str
    tax_number: str = ""
    account: str = ""


@dataclass(frozen=True)
class Proposal:
    """How much of the payment is for which bill; more than is left of all stays with the last."""

    shares: tuple[tuple[int, int], ...]
    confidence: str
    reasons: tuple[str, ...]

    @property
    def name(self) -> str:
        """How a form calls it: the keys of its bills."""
        return "-".join(str(key) for key, _ in self.shares)


def propose(came: Came, bills: Sequence[Bill]) -> list[Proposal]:
    """What the payment may be for, the best first; nothing where nothing speaks for a bill."""
    named, ordered = numbers_in(came.purpose, BILL), numbers_in(came.purpose, JOB)
    judged = [(bill, _signs(came, bill, named, ordered)) for bill in bills]
    told = [(bill, signs) for bill, signs in judged if set(signs) & {NUMBER, ORDER, SUM, PAYER, ACCOUNT}]
    by_number = [bill for bill, signs in told if NUMBER in signs]
    found = [_one(came, bill, signs, is_alone=len(by_number) <= 1) for bill, signs in told]
    found += _together(came, by_number, [bill for bill, signs in told if set(signs) & {PAYER, ACCOUNT}])
    return sorted(found, key=_rank)[:OFFERED]


def numbers_in(purpose: str, lead: re.Pattern[str]) -> set[str]:
    """Numbers that a purpose names behind a word: «по счетам № 12, 13 от 18.11.2026» → 12, 13."""
    found: set[str] = set()
    is_led = False
    for word in WORD.findall(purpose):
        if lead.fullmatch(word):
            is_led = True
        elif DATE.fullmatch(word) or word.casefold() in BETWEEN:
            continue
        elif is_led and any(letter.isdigit() for letter in word):
            found.add(key_of(word))
        else:
            is_led = False
    return found


def key_of(number: str) -> str:
    """A number as it is compared: «С-0012», «c-12» and «С 12» are one."""
    return " ".join(part.lstrip("0") or "0" for part in folded(number.replace("/", "-")).split())


def split(amount: int, lefts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """A payment over bills (key, left) in their order: each gets what is left of it, the last one all the rest."""
    held = list(lefts)
    shares: list[tuple[int, int]] = []
    for place, (key, left) in enumerate(held):
        share = amount if place == len(held) - 1 else min(amount, left)
        if share > 0:
            shares.append((key, share))
        amount -= share
    return tuple(shares)


def _signs(came: Came, bill: Bill, named: set[str], ordered: set[str]) -> tuple[str, ...]:
    """What speaks for a bill, and against it."""
    signs = [NUMBER] if key_of(bill.number) in named else []
    signs += [ORDER] if str(bill.order_number) in ordered else []
    signs += [SUM if came.amount == bill.left else PART if came.amount < bill.left else OVER]
    if came.tax_number and bill.tax_number:
        signs += [PAYER if came.tax_number == bill.tax_number else OTHER_PAYER]
    elif came.account and came.account == bill.account:
        signs += [ACCOUNT]
    return tuple(signs)


def _one(came: Came, bill: Bill, signs: tuple[str, ...], *, is_alone: bool) -> Proposal:
    """All of the payment for one bill."""
    told = set(signs)
    is_his, fits = bool(told & {PAYER, ACCOUNT}), SUM in told
    if NUMBER in told and fits and OTHER_PAYER not in told and is_alone:
        confidence = SURE
    elif (NUMBER in told and OTHER_PAYER not in told) or (fits and told & {NUMBER, ORDER}) or (fits and is_his):
        confidence = LIKELY
    else:
        confidence = DOUBTFUL
    return Proposal(((bill.key, came.amount),), confidence, signs)


def _together(came: Came, by_number: list[Bill], by_payer: list[Bill]) -> list[Proposal]:
    """The payment for several bills: those that are named, or two of one payer that make up the sum."""
    if len(by_number) > 1:
        makes_up = sum(bill.left for bill in by_number) == came.amount
        shares = split(came.amount, [(bill.key, bill.left) for bill in by_number])
        reasons = (SEVERAL, NUMBER, *((SUM,) if makes_up else ()))
        return [Proposal(shares, LIKELY if makes_up else DOUBTFUL, reasons)] if len(shares) > 1 else []
    pairs = combinations(by_payer[:TRIED_IN_PAIRS], 2)
    return [
        Proposal(tuple((bill.key, bill.left) for bill in pair), DOUBTFUL, (SEVERAL, SUM, PAYER))
        for pair in pairs
        if sum(bill.left for bill in pair) == came.amount
    ]


def _rank(proposal: Proposal) -> tuple[int, bool, int, str]:
    strength = len(set(proposal.reasons) & {NUMBER, SUM, PAYER, ACCOUNT, ORDER})
    return CONFIDENCES.index(proposal.confidence), SEVERAL not in proposal.reasons, -strength, proposal.name
