"""Messages in the outbox: python bench/messages_data.py MESSAGES QUEUED PORT. Prints as JSON how long queueing took.

The base is that of DOVOLEN_HOME and DATABASE_URL, empty before. As many clients as messages, each with a phone and his
consent; a gateway over HTTP on loopback that takes two hundred letters at once. `QUEUED` messages are queued as a
notice is: written out, asked at the gate, once an occasion; the others are laid in by SQL.
"""

from __future__ import annotations

import json
import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "dovolen.desk.settings"
import django

django.setup()
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from dovolen.desk.accounts.models import Centre  # noqa: E402
from dovolen.desk.core import installation  # noqa: E402
from dovolen.desk.demo.house import open_house  # noqa: E402
from dovolen.desk.messaging import actions, standard  # noqa: E402
from dovolen.desk.messaging.models import Gateway, Message, Notice  # noqa: E402
from dovolen.desk.people import standard as consents  # noqa: E402
from dovolen.desk.people.models import Consent, Customer, CustomerPlace, Phone  # noqa: E402

NOTICE = "order.ready"
VALUES = {
    "order": "1042",
    "device": "ASUS VivoBook 15",
    "link": "http://localhost/c/0/",
    "sum": "5 900 ₽",
    "until": "20:00",
}
AWAKE = {6: "Asia/Yakutsk", 12: "Europe/Moscow", 18: "America/New_York"}
"""By the hour of UTC up to which it is day there: nobody is told at night."""
RECIPE = """
name = "Loopback"
prevents_doubles = "key"
[send]
url = "http://127.0.0.1:{port}/send"
each_in = "messages"
batch = 200
each = {{ to = "{{digits}}", text = "{{text}}", id = "{{key}}" }}
[send.answer]
code = "codes.{{n}}"
ref = "ids.{{n}}"
sent = ["ok"]
"""
BATCH = 2_000


def main(n: int, n_queued: int, port: int) -> None:
    """Fill the base, queue, say how long it took."""
    installation.migrate()
    now = timezone.now()
    open_house(now=now)
    for rows in (consents, standard):
        rows.ensure(now)
    centre = Centre.objects.order_by("pk").first()
    assert centre is not None
    centre.zone = next((zone for hour, zone in AWAKE.items() if now.hour < hour), "Pacific/Auckland")
    centre.save()
    Gateway.objects.all().delete()
    Gateway.objects.create(
        name="Loopback", kind="http", channel="sms", settings={"recipe": RECIPE.format(port=port)},
        report_token="bench", per_second=1_000_000,
    )  # fmt: skip
    Notice.objects.filter(code=NOTICE).update(channels=["sms"])
    with transaction.atomic():
        clients = _clients(n, centre, now)
    begun = time.perf_counter()
    for client in clients[:n_queued]:
        actions.queue(
            notice=NOTICE, customer=client, centre=centre, order_number=None, values=VALUES,
            occasion=f"bench:{client.pk}", by=None, now=now,
        )  # fmt: skip
    seconds = time.perf_counter() - begun
    with transaction.atomic():
        _lay_in(clients[n_queued:], centre, now)
    print(
        json.dumps({"queued": n_queued, "seconds": seconds, "waiting": Message.objects.filter(state="queued").count()})
    )


def _clients(n: int, centre: Centre, now: object) -> list[Customer]:
    made = Customer.objects.bulk_create(
        (Customer(name=f"Клиент {number}", name_key=f"клиент {number}", created_at=now) for number in range(n)), BATCH
    )
    numbers = ((client, f"+7997{2_000_000 + number:07d}") for number, client in enumerate(made))
    Phone.objects.bulk_create(
        (Phone(customer=client, number=number, is_main=True) for client, number in numbers), BATCH
    )
    CustomerPlace.objects.bulk_create((CustomerPlace(customer=one, centre=centre, since=now) for one in made), BATCH)
    Consent.objects.bulk_create(
        (Consent(customer=one, purpose="service", channel="any", is_given=True, at=now, proof="paper") for one in made),
        BATCH,
    )  # fmt: skip
    return made


def _lay_in(clients: list[Customer], centre: Centre, now: object) -> None:
    text = Message.objects.order_by("pk").values_list("text", flat=True).first() or "Готово"
    phones = dict(Phone.objects.values_list("customer_id", "number"))
    Message.objects.bulk_create(
        (
            Message(
                centre=centre, customer=one, notice=NOTICE, purpose="service", channel="sms", address=phones[one.pk],
                text=text, state_at=now, queued_at=now,
            )
            for one in clients
        ),
        BATCH,
    )  # fmt: skip


if __name__ == "__main__":
    main(*(int(told) for told in sys.argv[1:4]))
