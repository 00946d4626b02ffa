"""Actions done as one: one savepoint, one writing of events, all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dovolen.desk.core import journal, search
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Counter, Event, Findable, Pending
from dovolen.desk.core.numbers import next_number
from dovolen.desk.core.together import part, whole

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Never(Refusal):
    """Refused always."""

    key = "core.refused.stale"


@part
def count(kind: str, *, is_refused: bool = False) -> int:
    """Something that writes, leaves an event, and may refuse then."""
    number = next_number(kind, None, 0)
    journal.record(f"paper.{kind}", subject=Counter(pk=1), by=None, at=NOON, private={"name": kind}, number=number)
    if is_refused:
        raise Never
    return number


@whole
def count_both(*, is_refused: bool = False) -> None:
    """Two of them."""
    count("first")
    count("second", is_refused=is_refused)


def test_what_parts_are_found_by_is_written_at_once_the_latest_word_on_each() -> None:
    @whole
    def find_both(*, is_refused: bool = False) -> None:
        for number, text in ((1, "первый"), (2, "второй"), (1, "третий"), (3, "четвёртый")):
            search.put(Counter(pk=number), "order", [text])
        search.drop(Counter(pk=3), "order")
        if is_refused:
            raise Never

    with pytest.raises(Never):
        find_both(is_refused=True)
    assert not Findable.objects.exists()
    asked = statements(find_both)

    assert sum('INSERT INTO "core_findable"' in sql for sql in asked) == 1
    assert dict(Findable.objects.values_list("subject_id", "text")) == {1: " третий ", 2: " второй "}


def statements(run: Any) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        run()
    return [query["sql"] for query in asked]


def test_parts_of_a_whole_share_its_savepoint_and_their_events_are_written_at_once() -> None:
    asked = statements(count_both)

    assert sum(sql.startswith("SAVEPOINT") for sql in asked) == 1
    assert sum('INSERT INTO "core_event"' in sql for sql in asked) == 1
    events = list(Event.objects.order_by("id"))
    assert [event.kind for event in events] == ["paper.first", "paper.second"]
    assert [event.private_facts.get().value for event in events] == ["first", "second"]
    assert set(Pending.objects.values_list("event_id", "kind")) == {(event.pk, event.kind) for event in events}


def test_a_part_that_refuses_undoes_the_whole_and_whoever_waits_for_it_goes_on() -> None:
    with transaction.atomic():
        before = next_number("outer", None, 0)
        with pytest.raises(Never):
            count_both(is_refused=True)
        after = next_number("outer", None, 0)

    assert (before, after) == (1, 2)
    assert not Counter.objects.filter(kind__in=["first", "second"]).exists()
    assert not Event.objects.exists()


def test_a_part_by_itself_undoes_itself_alone() -> None:
    with transaction.atomic():
        count("first")
        with pytest.raises(Never):
            count("second", is_refused=True)
        assert count("first") == 2

    assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == ["paper.first"] * 2
    assert not Counter.objects.filter(kind="second").exists()


def test_after_a_whole_parts_stand_alone_again() -> None:
    with pytest.raises(Never):
        count_both(is_refused=True)

    with transaction.atomic(), pytest.raises(Never):
        count("second", is_refused=True)

    assert count("second") == 1


def test_a_whole_does_not_go_on_after_a_refusal_that_was_caught_in_it() -> None:
    @whole
    def heedless() -> None:
        with pytest.raises(Never):
            count("first", is_refused=True)
        count("second")

    with pytest.raises(transaction.TransactionManagementError):
        heedless()

    assert not Event.objects.exists()
    assert not Counter.objects.exists()
