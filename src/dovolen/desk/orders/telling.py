"""What messages say of an order: values for the placeholders of their texts, as plain words that stay true."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation

from dovolen.desk.core import site, words
from dovolen.desk.core.templatetags.words import date_in_words
from dovolen.desk.money import queries as money
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import CLOSED, RepairOrder
from dovolen.desk.orders.queries import stage_name
from dovolen.desk.orders.queries.money import asked_for
from dovolen.insight.words import NBSP

STORED = timedelta(days=30)
"""What nobody fetches is kept for a month after he was told (Civil Code of Russia, article 738)."""


def values_of(order: RepairOrder, now: datetime) -> dict[str, str]:
    """Values of an order, in the language of this thread; one that has nothing to say is empty.

    Makes the client's link where there is none. No day is called today: a message may wait for the morning.
    """
    with timezone.override(order.centre.zone):
        return {
            "order": str(order.number),
            "device": str(order.asset or order.category or ""),
            "stage": stage_name(order.stage),
            "promised": _moment(order.promised_at),
            "sum": words.money(asked_for(order), order.currency) if asked_for(order) else "",
            "debt": _debt(order),
            "until": _until(order),
            "link": _link(order, now),
        }


def _link(order: RepairOrder, now: datetime) -> str:
    kept = "?lang=en" if (translation.get_language() or "").startswith("en") else ""
    return site.url(page_of(order, now)) + kept


def page_of(order: RepairOrder, now: datetime) -> str:
    """The path of the client's page."""
    return reverse("client_page", args=[actions.link_of(order, now=now)])


def _moment(moment: datetime | None) -> str:
    """«19 ноября, 12:00»; another year is named."""
    if moment is None:
        return ""
    return f"{_day(moment)}, {timezone.localtime(moment):%H:%M}"


def _day(day: date) -> str:
    told = date_in_words(day)
    year = (timezone.localtime(day) if isinstance(day, datetime) else day).year
    return told if year != timezone.localdate().year else told.rpartition(NBSP)[0]


def _debt(order: RepairOrder) -> str:
    sums = money.sums(order.number)
    left = sums.debt if order.phase == CLOSED else max(0, asked_for(order) - sums.paid)
    return words.money(left, order.currency) if left else ""


def _until(order: RepairOrder) -> str:
    """Handed over: when the longest warranty ends; ready: until when it is kept."""
    if order.phase == CLOSED:
        until = order.lines.aggregate(until=Max("warranty_until"))["until"]
        return date_in_words(until) if until else ""
    told_at = order.notified_at or order.ready_at
    return _day(told_at + STORED) if told_at else ""
