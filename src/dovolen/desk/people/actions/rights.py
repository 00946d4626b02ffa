"""Where a right over a client is asked: he belongs to every centre that knows him."""

from __future__ import annotations

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.people.models import Customer


def require(by: Staff, right: str, customer: Customer, *, known_at: Centre | None = None) -> None:
    """Go on only when he holds the right at a centre that knows this client. Raises: NotAllowed.

    `known_at`: a centre that knows him for certain, having just entered him: nobody looks.
    """
    if known_at and by.may(right, known_at):
        return
    if not Customer.objects.visible_to(by, right).filter(pk=customer.pk).exists():
        raise NotAllowed
