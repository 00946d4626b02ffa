"""R12: a backup under load is restored elsewhere, on either engine, with equal rows, sums and files in every table."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis import models as analysis
from dovolen.desk.core import files, journal, sealing, search
from dovolen.desk.core.home import Home
from dovolen.desk.core.models import Event, StoredFile
from dovolen.desk.documents import models as papers
from dovolen.desk.ingest.models import Import, PastFact
from dovolen.desk.messaging import models as messages
from dovolen.desk.money import models as money
from dovolen.desk.orders.models import ClientLink, PastOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people import standard as texts
from dovolen.desk.tasks.models import Shift, ShiftNote, ShiftPerson
from tests.desk import cast, estate, make, make_analysis
from tests.desk.conftest import TIMES, connected, settings_of
from tests.desk.processes import Installation

pytestmark = pytest.mark.endures

DRILLS = -(-TIMES // 4)
"""In each of four directions: ten or more in all under `make endure`, four in `make test`."""
FULL = (
    "core",
    "messaging",
    "money",
    "documents",
    "orders",
    "people",
    "tasks",
    "planning",
    "analysis",
    "ingest",
    "feedback",
)
PASSING = {"core.Pending", "core.Once", "core.Timer", "core.Beat", "core.Answered", "core.Mark", "core.Seal"}
"""What the workers keep for themselves; seals are made by the drill."""
PAPER = b"%PDF-1.7 "


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_a_backup_under_load_is_restored_elsewhere_row_for_row(
    installed: Installation, to: str, tmp_path: Path, new_postgres: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", Home(installed.home))
    for folder in (settings.HOME.files, settings.HOME.backups):
        folder.mkdir(exist_ok=True)
    house = cast.full(now=timezone.now())
    own = estate.of(house.north, owner=house["technician.north"], by=cast.fresh(house.olga), mark="Ёлка «№ 1»\n\t\\N")
    shift = every_table(own, house.olga)
    sealing.seal_all(now=timezone.now())
    assert set(empty_tables()) - PASSING == set()
    n_writes = n_rows = n_files = n_tables = 0

    for drill in range(DRILLS):
        archive, place = tmp_path / f"{drill}.zip", tmp_path / f"elsewhere-{drill}"
        with at_work(own, house.olga, shift) as written:
            installed.run("backup", str(archive))
        with new_postgres() if to == "postgres" else nullcontext("") as url:
            elsewhere = Installation(place, url)
            assert "every sum is equal" in elsewhere.run("restore", str(archive))
            assert "whole" in elsewhere.run("verify")
            with connected(settings_of(url, place)):
                n_files += whole_files(place)
                goes_on(own, house.olga)
        manifest = json.loads(zipfile.ZipFile(archive).read("manifest.json"))
        n_tables = len(manifest["tables"])
        n_rows += sum(int(told.split(":")[0]) for told in manifest["tables"].values())
        n_writes += written[0]
        assert archive.stat().st_mode & 0o777 == 0o600
        assert (place / "secrets" / "journal").read_text() == (installed.home / "secrets" / "journal").read_text()

    print(
        f"R12 {connection.vendor} → {to}: {DRILLS} drills, {n_writes} writes meanwhile, {n_rows} rows in {n_tables} tables and "
        f"{n_files} files equal"
    )
    assert n_writes >= DRILLS


def empty_tables() -> list[str]:
    models = (model for label in FULL for model in apps.get_app_config(label).get_models())
    return [model._meta.label for model in models if not model._default_manager.exists()]


def whole_files(home: Path) -> int:
    """Every row of a file has its bytes; gives how many there are."""
    digests = set(StoredFile.objects.values_list("digest", flat=True))
    for digest in digests:
        assert hashlib.sha256((home / "files" / digest[:2] / digest).read_bytes()).hexdigest() == digest
    return len(digests)


def goes_on(own: estate.Estate, by: Staff) -> None:
    """What was restored is worked with: found, counted on, written to."""
    n = Event.objects.count()
    number = own.order.number
    assert search.find(str(number), "order", type(own.order).objects.order_by("pk")) == [own.order.pk]
    with transaction.atomic():
        write(own, by, money.CashShift.objects.get(closed_at=None), 1_000_000)
    assert Event.objects.count() == n + 1


_numbers = count(1)


@contextmanager
def at_work(own: estate.Estate, by: Staff, shift: money.CashShift) -> Iterator[list[int]]:
    """Money is taken, messages are queued and papers drawn up all the while; how often."""
    stop, written = threading.Event(), [0]

    def go_on() -> None:
        while not stop.is_set():
            with transaction.atomic():
                write(own, by, shift, next(_numbers) + 1)
            written[0] += 1
        connections.close_all()

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        yield written
    finally:
        stop.set()
        writer.join()


def write(own: estate.Estate, by: Staff, shift: money.CashShift, number: int) -> None:
    """A payment, a message and a paper, as one."""
    now, account = timezone.now(), money.Account.objects.get(order_number=own.order.number)
    money.Payment.objects.create(account=account, method=money.CASH, amount=number, shift=shift, at=now, by=by)
    messages.Message.objects.create(
        centre=own.centre, customer=own.customer, order_number=own.order.number, notice="order.ready", purpose="service",
        channel="sms", address="+79975554433", text=f"Готово: {number} ₽", state_at=now, queued_at=now,
    )  # fmt: skip
    file = files.keep([PAPER, str(number).encode()], name="акт.pdf", media_type="application/pdf", by=by, at=now)
    papers.Document.objects.create(
        kind=papers.ACT, centre=own.centre, year=now.year, number=number, order=own.order, customer=own.customer,
        form="act-1", facts={"sum": number, "words": "один рубль"}, file=file, amount=number, at=now, by=by,
    )  # fmt: skip
    journal.record("order.paper_drawn", subject=own.order, by=by, at=now, number=number)


def every_table(own: estate.Estate, by: Staff) -> money.CashShift:
    """A row or more in every table of messages, money and papers; gives the open shift."""
    now, day = timezone.now(), date(2026, 11, 20)
    _people(own, by)
    _known(own, by)
    place = {"centre": own.centre, "customer": own.customer, "order_number": own.order.number}
    link = {"digest": "d" * 64, "locked": "locked", "made_at": now}
    ClientLink.objects.get_or_create(order=own.order, revoked_at=None, defaults=link)
    PastOrder.objects.create(order=own.order, number="A-17/1", advisor="Ёлкина", revenue=2**40)
    _messages(own, by, place)
    entity, _ = money.LegalEntity.objects.get_or_create(name="Ёлка", defaults={"legal_name": "ООО «Ёлка»"})
    money.Seller.objects.get_or_create(centre=own.centre, defaults={"entity": entity})
    money.PriceItem.objects.create(kind="labour", name="Замена\tматрицы", price=380_000)
    account, _ = money.Account.objects.get_or_create(
        order_number=own.order.number,
        defaults={"centre": own.centre, "customer": own.customer, "currency": "RUB", "opened_at": now, "due": 2**40},
    )
    money.Charge.objects.create(account=account, amount=-1, kind=money.WRITTEN_OFF, at=now)
    shift, _ = money.CashShift.objects.get_or_create(
        centre=own.centre, closed_at=None,
        defaults={"number": 900, "currency": "RUB", "opened_at": now, "opened_by": by, "opening": 0},
    )  # fmt: skip
    money.CashMove.objects.create(shift=shift, kind=money.PUT_IN, amount=500, reason="размен", at=now, by=by)
    invoice = money.Invoice.objects.create(
        **place, number="А-1", entity=entity, amount=100, currency="RUB", issued_at=now, issued_by=by, due_on=day
    )
    file = files.keep([b"1CClientBankExchange"], name="kl_to_1c.txt", media_type="text/plain", by=by, at=now)
    statement = money.Statement.objects.create(
        entity=entity, file=file, account="4" * 20, begins_on=day, ends_on=day, at=now, by=by
    )
    line = money.StatementLine.objects.create(statement=statement, digest="e" * 64, number="7", day=day, amount=100)
    money.Payment.objects.create(
        account=account, method=money.TRANSFER, amount=100, invoice=invoice, statement_line=line, at=now, by=by
    )
    papers.PaperSetup.objects.get_or_create(centre=own.centre, defaults={"footer": "Спасибо"})
    with transaction.atomic():
        write(own, by, shift, 1)
    return shift


def _known(own: estate.Estate, by: Staff) -> None:
    """What is told of clients, and rows that came from elsewhere."""
    now = timezone.now()
    known = make_analysis.published(day=now.date())
    make_analysis.figure(known, "base.clients", 1)
    make_analysis.scored(
        known, own.order, 41, points=[["base", None, None, None, 99.0], ["delay", 4.25, None, 2, -58.0]]
    )
    analysis.ConfigVersion.objects.create(values={"minimum": 5}, note="Ёлка", at=now, by=by)
    analysis.ClientRefresh.objects.get_or_create(customer=own.customer, defaults={"asked_at": now})
    source = Import.objects.order_by("pk").first()
    PastFact.objects.create(
        source=source,
        table="feedback",
        customer=own.customer,
        order=own.order,
        at=now,
        values={"score": 9, "scale": 10},
    )


def _people(own: estate.Estate, by: Staff) -> None:
    now = timezone.now()
    make.company(by=by, centre=own.centre, now=now)
    make.order(
        by=by, centre=own.centre, customer=own.customer, at="ready", lines=make.price_list, promised_at=None, now=now
    )
    texts.ensure(now)
    people.record_consent(customer=own.customer, purpose="service", is_given=True, proof="paper", by=by, now=now)
    shift = Shift.objects.get(closed_at=None)
    ShiftPerson.objects.create(shift=shift, staff=by, since=now)
    ShiftNote.objects.create(shift=shift, text="Ключ у\tохраны", at=now, by=by)


def _messages(own: estate.Estate, by: Staff, place: dict[str, Any]) -> None:
    now = timezone.now()
    gateway = messages.Gateway.objects.create(
        name="Дверь", kind="http", channel="sms", settings={"url": "http://127.0.0.1/", "ё": [1, None]}, report_token="r",
    )  # fmt: skip
    notice, _ = messages.Notice.objects.get_or_create(code="order.ready", defaults={"channels": ["sms", "call"]})
    messages.NoticeText.objects.create(
        notice=notice, channel="sms", language="ru", body="Готово, {name}", changed_at=now
    )
    messages.Incoming.objects.create(
        gateway=gateway, gateway_ref="1", channel="sms", address="+79975554433", text="Спасибо\r\n", at=now
    )
    messages.Contact.objects.create(
        **place, at=now, channel="call", by=by, minutes=3, agreed="Звонить после шести", agreed_until=now.date(),
        report_due_at=now + timedelta(hours=3),
    )  # fmt: skip
