"""What the house does for itself at night, by the schedule as it is."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from dovolen.desk.core import clock, installation, journal, upkeep
from dovolen.desk.core.models import Counter, Event, Mark, Timer
from dovolen.desk.schedule import SCHEDULE, places
from tests.desk.conftest import NOON


@pytest.mark.django_db(transaction=True)
def test_a_night_leaves_a_backup_and_a_check(director: object) -> None:
    with transaction.atomic():
        journal.record("order.ready", subject=Counter(pk=1), by=None, at=NOON)
    clock.set_timers(SCHEDULE, places(), now=NOON)
    assert set(Timer.objects.values_list("name", flat=True)) == set(SCHEDULE)

    morning = NOON + timedelta(hours=20)
    while clock.run_due(SCHEDULE, places, clock=lambda: morning):
        pass

    assert not Timer.objects.exclude(cause="").exists()
    assert Mark.objects.get(name="backup").at == morning
    assert Mark.objects.get(name="check").facts["n_flaws"] == 0
    for archive in settings.HOME.backups.glob("nightly-*"):
        archive.unlink()


@pytest.mark.django_db
def test_the_check_tells_of_flaws() -> None:
    with transaction.atomic():
        journal.record("order.ready", subject=Counter(pk=1), by=None, at=NOON)
    Event.objects.update(kind="order.lost")

    upkeep.check_journal(now=NOON)

    assert Mark.objects.get(name="check").facts["n_flaws"] == 1
    assert installation.state(NOON).check is not None


@pytest.mark.base("sqlite")
@pytest.mark.django_db(transaction=True)
def test_a_week_of_archives_is_kept() -> None:
    for day in range(9):
        upkeep.back_up(now=NOON + timedelta(days=day))

    kept: list[Path] = sorted(settings.HOME.backups.glob("nightly-*"))
    for archive in kept:
        archive.unlink()
    assert connection.vendor == "sqlite"
    assert len(kept) == upkeep.KEPT
    assert "2026-11-28" in kept[-1].name


@pytest.mark.django_db
def test_sessions_that_ended_are_swept_out() -> None:
    model = installation.session_model()
    for _ in range(2):
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store["kept"] = True
        store.create()
    ended = model.objects.order_by("session_key").first()
    model.objects.update(expire_date=NOON + timedelta(days=1))
    model.objects.filter(pk=ended.pk).update(expire_date=NOON - timedelta(days=1))

    upkeep.sweep(now=NOON)

    assert model.objects.count() == 1
    assert not model.objects.filter(pk=ended.pk).exists()


@pytest.mark.base("sqlite")
@pytest.mark.django_db(transaction=True)
def test_the_base_knows_how_its_tables_have_grown(director: object) -> None:
    with transaction.atomic():
        for number in range(1, 50):
            journal.record("order.ready", subject=Counter(pk=number), by=None, at=NOON)

    upkeep.keep_statistics(now=NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'event_kind'")
        assert cursor.fetchone()[0].startswith("49 ")
