"""Slices that are kept: one's own, and those of others who look at nothing that he does not see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.models import SavedSlice
from dovolen.desk.analysis.queries.scopes import Scope

SHOWN = 50


def kept_slices(staff: Staff, scopes: list[Scope]) -> QuerySet[SavedSlice]:
    """His own, then shared ones of scopes that he sees; a name or a filter tells of the place it was made for."""
    shared = Q(is_shared=True, view__scope__in=[scope.key for scope in scopes])
    return SavedSlice.objects.filter(Q(staff=staff) | shared).select_related("staff").order_by("name", "pk")
