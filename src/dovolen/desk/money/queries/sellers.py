"""In whose name each centre sells."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.money.models import LegalEntity, Seller

RIGHT = "set up money"


def seller_of(centre: Centre) -> LegalEntity | None:
    """In whose name a centre sells; none before that was set up."""
    return LegalEntity.objects.filter(sellers__centre=centre).first()


def entities(staff: Staff) -> QuerySet[LegalEntity]:
    """In whose name is sold at his centres, and who sells nowhere yet: those in use first."""
    his = Q(pk__in=Seller.objects.filter(centre__in=staff.centre_ids(RIGHT)).values("entity"))
    nowhere = ~Q(pk__in=Seller.objects.values("entity"))
    return LegalEntity.objects.filter(his | nowhere).order_by("-is_active", "name", "pk")


@dataclass(frozen=True)
class Sells:
    """A centre, and who sells there."""

    centre: Centre
    entity: LegalEntity | None


def who_sells_where(staff: Staff) -> list[Sells]:
    """Centres of which he has a say, by name, each with its seller."""
    centres = list(Centre.objects.filter(pk__in=staff.centre_ids(RIGHT)).order_by("name", "pk"))
    held = {one.centre_id: one.entity for one in Seller.objects.filter(centre__in=centres).select_related("entity")}
    return [Sells(centre, held.get(centre.pk)) for centre in centres]
