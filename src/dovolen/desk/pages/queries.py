"""What the first screen asks of the whole house."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Subquery

from dovolen.desk.accounts.models import Authenticator, Passkey, Staff
from dovolen.desk.assets.models import Category
from dovolen.desk.core.models import Event
from dovolen.desk.orders.models import RepairOrder


@dataclass(frozen=True)
class House:
    """What somebody has still to set up, and how far the journal is: what has not changed is not drawn again."""

    steps: list[tuple[str, str]]
    """Pairs of words and page, the most useful first."""
    latest_event: int

    @property
    def is_new(self) -> bool:
        """Whether nobody has said yet what is repaired here."""
        return any(what == "categories" for what, _ in self.steps)


def house_of(staff: Staff) -> House:
    """What he has not done yet to be safe, not alone and at work."""
    latest = Event.objects.order_by("-id").values("id")[:1]
    asked = {
        "has_factor": Exists(Authenticator.objects.filter(staff=staff)),
        "has_passkey": Exists(Passkey.objects.filter(staff=staff)),
        "has_colleagues": Exists(Staff.objects.exclude(pk=staff.pk)),
        "has_categories": Exists(Category.objects.all()),
        "has_orders": Exists(RepairOrder.objects.all()),
        "latest": Subquery(latest),
    }
    known = Staff.objects.filter(pk=staff.pk).annotate(**asked).values(*asked).get()
    place = staff.centre
    missing = {
        ("categories", "ready_sets"): staff.may("set up orders") and not known["has_categories"],
        ("import", "imports"): staff.may("import data") and not known["has_orders"],
        ("centre", "centres"): staff.may("manage centres")
        and place is not None
        and not (place.address and place.phone and place.hours),
        ("invite", "new_staff"): staff.may("manage staff") and not known["has_colleagues"],
        ("second_factor", "authenticator"): not known["has_factor"] and not known["has_passkey"],
    }
    return House([step for step, applies in missing.items() if applies], known["latest"] or 0)


def latest_event() -> int:
    """The number of the latest event of the journal."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
