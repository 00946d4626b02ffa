"""R4: the disk is full – for the base, its log, photos, uploads on their way, backups. People are told so in one
sentence, they read on, and once there is room work goes on by itself; what was acknowledged is there, once, whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from dovolen.desk.accounts.models import Session
from dovolen.desk.accounts.sessions import SEEN_EVERY
from dovolen.desk.core import sealing
from dovolen.desk.core.models import Beat, Event
from dovolen.desk.orders import upkeep
from dovolen.desk.orders.models import Photo, RepairOrder
from tests.desk import cast, make
from tests.desk.conftest import TIMES, an_installation, fresh_postgres
from tests.desk.core.test_serving import answers, free_port, until
from tests.desk.processes import Installation, ended
from tests.desk.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.endures

CYCLES = TIMES
TRIES = 12
"""Of each kind of writing, in each cycle, while the disk is full."""
MEGABYTES = 192
NO_ROOM = "На диске нет места"
NOT_KEPT = "Файл не сохранён: на диске нет места"
CSRF = "a" * 32
READ = ("/", "/orders/", "/orders/board/", "/customers/", "/search/?q=ASUS", "/intake/", "/status/")


SEEN = {"told", "read", "photo told", "large upload told", "backup told", "backup elsewhere"}


@pytest.fixture(params=["sqlite", "postgres"])
def disk(request: pytest.FixtureRequest) -> Iterator[SmallDisk]:
    """A small disk that the server of the base may reach as well."""
    parent = Path(tempfile.mkdtemp(prefix="dovolen-disk-"))
    parent.chmod(0o755)
    try:
        with small_disk(parent / "small", megabytes=MEGABYTES) as disk:
            yield disk
    finally:
        shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture
def cramped(
    request: pytest.FixtureRequest, disk: SmallDisk, postgres_url: str, django_db_blocker: Any
) -> Iterator[Installation]:
    """An installation whose home, and whose rows, lie on the small disk."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        url = ""
        if "postgres" in request.node.callspec.id:
            url = stack.enter_context(postgres_on(disk, postgres_url))
        yield stack.enter_context(an_installation(disk.folder / "home", url))


@contextmanager
def postgres_on(disk: SmallDisk, server: str) -> Iterator[str]:
    """The URL of an empty base whose rows lie on the small disk; the log of the server lies elsewhere."""
    place = disk.folder / "rows"
    with psycopg.connect(server, autocommit=True) as admin, unvacuumed(admin):
        owner = Path(admin.execute("SHOW data_directory").fetchone()[0])  # type: ignore[index]
        if not owner.exists():
            pytest.skip("a small disk is of no use to a PostgreSQL on another machine")
        place.mkdir()
        shutil.chown(place, owner.stat().st_uid, owner.stat().st_gid)
        name = f"small_{hashlib.sha256(str(place).encode()).hexdigest()[:8]}"
        admin.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'")
        try:
            with fresh_postgres(server, more=f"TABLESPACE {name}") as url:
                yield url
        finally:
            admin.execute(f"DROP TABLESPACE {name}")


@contextmanager
def unvacuumed(admin: psycopg.Connection) -> Iterator[None]:
    """No cleaning by itself meanwhile: after it each new connection writes a file anew that it cannot do without, and
    a disk without a free byte would refuse people whom the server would else let read.
    """
    admin.execute("ALTER SYSTEM SET autovacuum = off")
    admin.execute("SELECT pg_reload_conf()")
    at_it = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
    until(lambda: admin.execute(at_it).fetchone() is None)
    try:
        yield
    finally:
        admin.execute("ALTER SYSTEM RESET autovacuum")
        admin.execute("SELECT pg_reload_conf()")


@dataclass
class Desk:
    """Somebody at a browser, and what he was told."""

    port: int
    cookie: str
    facts: dict[str, str]
    numbers: count[int] = field(default_factory=lambda: count(1))
    acknowledged: dict[str, int] = field(default_factory=dict)
    kept: int = 0

    def take_in(self) -> tuple[int, str]:
        """Take in one more device."""
        mark = f"клиент {next(self.numbers)}"
        told = {**self.facts, "name": mark, "fault_text": mark, "once": f"form-{len(mark)}-{mark.split()[1]}"}
        status, place, text = self.ask("POST", "/intake/", urlencode({**told, "csrfmiddlewaretoken": CSRF}))
        if status == 302:
            self.acknowledged[mark] = int(place.split("/")[2])
        return status, text

    def add_photo(self, order: int, picture: bytes) -> tuple[int, str]:
        """Hand in a photo."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        told = {"photos": SimpleUploadedFile("a.jpg", picture, "image/jpeg"), "csrfmiddlewaretoken": CSRF}
        body = encode_multipart(BOUNDARY, told)
        status, _, text = self.ask("POST", f"/orders/{order}/photos/", body, MULTIPART_CONTENT)
        self.kept += status == 302
        return status, text

    def ask(
        self, method: str, page: str, body: str | bytes = "", kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str, str]:
        """What the server answers: code, where to, text."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, page, body or None, {"Content-Type": kind, "Cookie": self.cookie})
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace").replace("\u00a0", " ")
            return answer.status, answer.headers.get("Location", ""), text
        finally:
            line.close()


def test_a_full_disk_is_told_in_one_sentence_and_work_goes_on_when_there_is_room(
    cramped: Installation, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(disk.folder / "home"))  # uploads on their way lie on the same disk
    desk = at_desk(cast.full(now=timezone.now()))
    server = cramped.start("-m", "dovolen", "serve", "--port", str(desk.port))
    codes, healed, taken = Counter[str](), 0.0, 0
    with ended(server):
        until(lambda: answers(desk.port))
        assert desk.take_in()[0] == 302
        order = next(iter(desk.acknowledged.values()))
        for _ in range(CYCLES):
            assert desk.add_photo(order, make.photo(40, 40))[0] == 302
            assert desk.add_photo(order, large())[0] == 302
            Session.objects.update(seen_at=timezone.now() - 2 * SEEN_EVERY)  # would be noted anew by the next page
            taken += disk.fill()
            codes += full(desk, order, cramped, disk)
            disk.free()
            begun = time.monotonic()
            until(lambda: desk.take_in()[0] == 302)
            healed = max(healed, time.monotonic() - begun)
        until(lambda: not Event.objects.filter(seal=None).exists())
        assert Beat.objects.exists()
        server.terminate()
        server.wait(20)

    lost, flaws = audit(desk)
    print(
        f"R4 {connection.vendor}: full {CYCLES} times ({taken >> 20} MB of {MEGABYTES}): {dict(codes)}; worked again after "
        f"at most {healed:.2f} s; of {len(desk.acknowledged)} orders and {desk.kept} photos acknowledged {lost} lost"
    )
    assert codes["told"] == CYCLES * TRIES
    assert codes.keys() - {"intake 302"} == SEEN
    assert lost == 0
    assert flaws == []
    assert not list((disk.folder / "home" / "backups").glob("*")), "no half archive"
    cramped.run("backup")


def at_desk(house: cast.House) -> Desk:
    make.stage("accepted")
    client = Client()
    client.force_login(house.olga)
    session = client.cookies["sessionid"].value
    facts = {
        "customer": "new", "asset": "new", "category": str(make.category("laptop").pk), "model": "ASUS VivoBook",
        "term": (timezone.now() + timedelta(days=2)).isoformat(), "centre": str(house.north.pk),
    }  # fmt: skip
    return Desk(free_port(), f"sessionid={session}; csrftoken={CSRF}", facts)


def full(desk: Desk, order: int, installed: Installation, disk: SmallDisk) -> Counter[str]:
    """What is seen while no byte is free."""
    seen = Counter[str]()
    for _ in range(200):  # what was set aside before is used up first
        status, text = desk.take_in()
        disk.fill()
        if status != 302:
            break
    for _ in range(10 * TRIES):
        if seen["told"] == TRIES:
            break
        disk.fill()  # what a refused form gave back as well: here and there one still finds room
        status, text = desk.take_in()
        seen["told" if status == 503 and NO_ROOM in text else f"intake {status}"] += 1
        status, text = desk.add_photo(order, make.photo(60, 60, "red"))
        seen["photo told" if NOT_KEPT in text or NO_ROOM in text else f"photo {status}"] += 1
    status, text = desk.add_photo(order, large())
    seen["large upload told" if NOT_KEPT in text or NO_ROOM in text else f"large upload {status}"] += 1
    for page in (*READ, f"/orders/{order}/"):
        status, _, text = desk.ask("GET", page)
        seen["read" if status == 200 else f"{page} {status}"] += 1
    said = installed.run("backup", fails=True)
    seen["backup told" if "No space left on device" in said and "Traceback" not in said else said] += 1
    with tempfile.TemporaryDirectory() as elsewhere:
        installed.run("backup", str(Path(elsewhere) / "a.zip"))
        seen["backup elsewhere"] += 1
    return seen


def large() -> bytes:
    """A photo that is more than the server holds in memory: it lies on the disk while it comes in."""
    from PIL import Image

    out = BytesIO()
    Image.frombytes("RGB", (1000, 1000), os.urandom(3_000_000)).save(out, "PNG")
    return out.getvalue()


def audit(desk: Desk) -> tuple[int, list[str]]:
    """What of the acknowledged is not there, and what in the base is not as it should be."""
    connection.close()
    numbers = dict(RepairOrder.objects.values_list("fault_text", "number"))
    lost = sum(numbers.get(mark) != number for mark, number in desk.acknowledged.items())
    lost += max(0, desk.kept - Photo.objects.count())
    flaws = [*sealing.verify().flaws, *map(str, upkeep.wrong_orders())]
    flaws += [f"numbers {sorted(numbers.values())}"] * (sorted(numbers.values()) != list(range(1, len(numbers) + 1)))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            flaws += [line for (line,) in cursor.fetchall() if line != "ok"]
    return lost, flaws
