"""Where a right over a client is asked: he belongs to every centre that knows him."""

from __future__ import annotations

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.people.models import Customer


def require(by: Staff, right: str, customer: Customer) -> None:
    """Go on only when he holds the right at a centre that knows this client. Raises: NotAllowed."""
    if not Customer.objects.visible_to(by, right).filter(pk=customer.pk).exists():
        raise NotAllowed
