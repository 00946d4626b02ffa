"""Who is meant: by phone, by what is being typed, by a number of a client."""

from __future__ import annotations

from dataclasses import dataclass

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import search
from dovolen.desk.people import names, phones
from dovolen.desk.people.models import Customer, CustomerQuerySet, Phone

LONGEST_KEY = 18
LEAST_OF_NAME = 3


def by_phone(number: str) -> CustomerQuerySet:
    """Clients who have this number (E.164), the latest served first; put `visible_to` behind it."""
    having = Phone.objects.filter(number=number).values("customer")
    return Customer.objects.filter(pk__in=having, merged_into=None).order_by("-n_orders", "-latest_order_at", "pk")


@dataclass(frozen=True)
class Elsewhere:
    """Somebody known at a centre that the one who asks does not see: nothing is told but his initials."""

    customer_id: int
    masked: str


def known_elsewhere(number: str, staff: Staff) -> list[Elsewhere]:
    """Who has exactly this number (E.164) and is known only where `staff` sees no clients."""
    seen = by_phone(number).visible_to(staff).values_list("pk", flat=True)
    unseen = by_phone(number).exclude(pk__in=list(seen))
    return [Elsewhere(pk, names.masked(name)) for pk, name in unseen.values_list("pk", "name")[:5]]


@dataclass(frozen=True)
class Similar:
    """Somebody who may be the one that is being typed, and why: "phone", "name", "name_like"."""

    customer: Customer
    reasons: tuple[str, ...]


def similar(*, name: str = "", phone: str = "", staff: Staff, n: int = 5, omit: int = 0) -> list[Similar]:
    """Clients like the one being typed, the likest first; each comes with his `phones`."""
    seen = Customer.objects.visible_to(staff).exclude(pk=omit)
    number = phones.normal(phone) if phone else None
    found: dict[int, None] = {}
    if number:
        found |= dict.fromkeys(by_phone(number).visible_to(staff).exclude(pk=omit).values_list("pk", flat=True)[:n])
    for text in _readings(name):
        found |= dict.fromkeys(search.find(text, "customer", seen, n=n))
    rows = seen.prefetch_related("phones").in_bulk(list(found))
    judged = [Similar(rows[pk], _reasons(rows[pk], name, number)) for pk in found if pk in rows]
    return sorted(judged, key=lambda one: WEIGHT[one.reasons])[:n]


def _readings(name: str) -> list[str]:
    """The name as typed, and its first two words: the same person may stand there without a patronymic."""
    words = names.tidy(name).split()
    if len(names.key(name)) < LEAST_OF_NAME:
        return []
    return [" ".join(words), *([" ".join(words[:2])] if len(words) > 2 else [])]


WEIGHT = {("phone", "name"): 0, ("phone", "name_like"): 1, ("phone",): 2, ("name",): 3, ("name_like",): 4, (): 5}


def _reasons(customer: Customer, name: str, number: str | None) -> tuple[str, ...]:
    found = []
    if number and any(phone.number == number for phone in customer.phones.all()):
        found.append("phone")
    typed, his = names.key(name).split(), customer.name_key.split()
    if len(" ".join(typed)) >= LEAST_OF_NAME:
        if sorted(typed) == sorted(his):
            found.append("name")
        elif _is_part(typed, his) or (len(his) > 1 and _is_part(his, typed)):
            found.append("name_like")
    return tuple(found)


def _is_part(parts: list[str], whole: list[str]) -> bool:
    """Whether every word of one name begins some word of the other: «Карпова М» in «Карпова Марина»."""
    return all(any(word.startswith(part.rstrip(".")) for word in whole) for part in parts)


def others(text: str, staff: Staff, customer: Customer, n: int = 10) -> list[Customer]:
    """Clients beside this one who answer to what was typed, each with his `phones`."""
    seen = Customer.objects.visible_to(staff).exclude(pk=customer.pk)
    ids = search.find(text, "customer", seen, n=n)
    found = Customer.objects.prefetch_related("phones").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def key_of(text: str) -> int:
    """The key that a form carries; 0, which nobody has, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else 0


def main_phone(customer: Customer) -> Phone | None:
    """The number to call: the main one, else the earliest."""
    return next(iter(customer.phones.all()), None)
