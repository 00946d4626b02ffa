"""What orders and clients owe and paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Sum

from dovolen.desk.money.models import Account
from dovolen.desk.people.models import Customer


@dataclass(frozen=True)
class Sums:
    """What one order owes and was paid, minor units; nothing where it has no account yet."""

    due: int = 0
    paid: int = 0

    @property
    def debt(self) -> int:
        """What is still to be paid of what was charged."""
        return max(0, self.due - self.paid)

    @property
    def overpaid(self) -> int:
        """What was paid beyond what is due: a prepayment, or to be given back."""
        return max(0, self.paid - self.due)


def account_of(order_number: int) -> Account | None:
    """The account of an order; none before anything was charged or paid."""
    return Account.objects.filter(order_number=order_number).first()


def sums(order_number: int) -> Sums:
    """What an order owes and was paid."""
    account = account_of(order_number)
    return Sums(account.due, account.paid) if account else Sums()


def debts_of(customers: Iterable[Customer | int]) -> dict[int, dict[str, int]]:
    """Key of a client → currency → what he owes in it, of those of them that owe anything; one query."""
    keys = [one if isinstance(one, int) else one.pk for one in customers]
    owed = Account.objects.indebted().filter(customer__in=keys).order_by("customer", "currency")
    found: dict[int, dict[str, int]] = {}
    for key, currency, debt in owed.values_list("customer", "currency").annotate(owed=Sum(F("due") - F("paid"))):
        found.setdefault(key, {})[currency] = debt
    return found
