"""Orders and devices of the invented centre, from its visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dovolen.insight.synth.draws import (
    NEVER,
    Flags,
    Floats,
    Ints,
    choose,
    integers,
    joined,
    moments,
    roubles,
    stream,
    words,
)
from dovolen.insight.synth.hours import Hours, utc
from dovolen.insight.synth.people import names
from dovolen.insight.synth.visits import FLEET, INTERMEDIARY, OUTCOMES, Clients, Service, Visits, glue, serve, taken

CENTRES = ("Центр", "Север")
CATEGORIES = ("laptop", "phone", "tablet")
BRANDS = ("Lenovo", "ASUS", "HP", "Acer", "Apple", "Samsung", "Xiaomi", "Honor")
BRANDS_OF = {0: (0, 5), 1: (4, 8), 2: (4, 8)}
"""Places of the category's brands in the list."""
PRICE = np.array([5200.0, 4200.0, 4500.0])
"""Roubles, the median repair of a category."""
FAULTS = (
    "не включается",
    "разбит экран",
    "залит водой",
    "не заряжается",
    "греется",
    "медленно работает",
    "нет звука",
    "клавиатура",
)
CHANNELS = ("зашёл сам", "звонок", "сайт", "мессенджер")
ADVISORS = ("Марина", "Олег")
WARRANTY, GOODWILL = 1, 2
PAY_TYPES = ("customer_pay", "warranty", "goodwill")


@dataclass(frozen=True)
class Work:
    """All orders in order of time, as numbers: what every table about them is made from."""

    client: Ints
    kind: Ints
    trait: Floats
    branch: Ints
    redo_of: Ints
    asset: Ints
    category: Ints
    service: Service
    accepted: Ints
    """UTC microseconds, as are the moments below; NEVER where it has not happened."""
    started: Ints
    """Worked minutes."""
    ready: Ints
    notified: Ints
    picked_up: Ints
    pay_type: Ints
    estimate: Ints
    gross: Ints
    """Billed before the discount."""
    discount: Ints
    parts: Ints
    labour: Ints
    satisfaction: Ints

    def __len__(self) -> int:
        return len(self.client)

    @property
    def order_id(self) -> Ints:
        """Numbers of orders, from 1."""
        return np.arange(1, len(self) + 1)

    @property
    def revenue(self) -> Ints:
        """What the client was asked for."""
        return self.gross - self.discount

    @property
    def promised(self) -> Ints:
        """Worked minutes of the first promise."""
        return self.started + self.service.promised_minutes


def work(people: Clients, history: Visits, hours: Hours, skill: Floats, seed: int) -> Work:
    """Every order of these visits: firms bring several devices at once."""
    rng = stream(seed, "orders")
    visit, lead = _devices(people, history, rng)
    client = history.client[visit]
    kind = people.kind[client]
    service = _services(history.service, visit, lead, serve(kind, skill, rng))
    asset, category = _assets(people, client, history.redo_of[visit] >= 0, rng)
    day, minute = hours.accepted(history.demand[visit])
    started = hours.worked(day, minute)
    ready = started + service.turnaround_minutes
    notified = ready + np.floor(rng.exponential(25.0, len(visit))).astype(np.int64)
    fetched = np.where(
        kind == INTERMEDIARY, 40 * np.exp(0.6 * rng.standard_normal(len(visit))), rng.exponential(700.0, len(visit))
    )
    picked_up = hours.known(hours.moment(notified + np.floor(fetched).astype(np.int64) + 2))
    redo_of = np.where(lead, _first_order(visit, lead)[history.redo_of[visit]], -1)
    money = _money(kind, category, service, redo_of >= 0, picked_up != NEVER, rng)
    told = (rng.random(len(visit)) > 0.03) & (service.outcome != OUTCOMES.index("cancelled"))
    return Work(
        client=client,
        kind=kind,
        trait=people.trait[client],
        branch=history.branch[visit],
        redo_of=redo_of,
        asset=asset,
        category=category,
        service=service,
        accepted=utc(day, minute),
        started=started,
        ready=hours.known(hours.moment(ready)),
        notified=np.where(told, hours.known(hours.moment(notified)), NEVER),
        picked_up=picked_up,
        satisfaction=_satisfaction(service, redo_of >= 0, people.trait[client], rng),
        **money,
    )


def _devices(people: Clients, history: Visits, rng: np.random.Generator) -> tuple[Ints, Flags]:
    """The visit of each order, and whether the order is the visit's first."""
    more = np.array([0.0, 1.1, 0.4])[people.kind[history.client]]
    visit = np.repeat(np.arange(len(history.client)), 1 + rng.poisson(more))
    return visit, np.diff(visit, prepend=-1) > 0


def _first_order(visit: Ints, lead: Flags) -> Ints:
    """The first order of each visit, −1 at the end for no visit."""
    first = np.full(int(visit[-1]) + 2 if len(visit) else 1, -1, np.int64)
    first[visit[lead]] = np.flatnonzero(lead)
    return first


def _services(of_visits: Service, visit: Ints, lead: Flags, others: Service) -> Service:
    """The first device was served as the visit says, the others by chance of their own."""
    place = np.where(lead, visit, len(of_visits.late) + np.arange(len(visit)))
    return taken(glue([of_visits, others]), place)


def _assets(people: Clients, client: Ints, redo: Flags, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The device of each order (from 1) and its category: persons bring theirs again, intermediaries never."""
    kind = people.kind[client]
    place = np.lexsort((np.arange(len(client)), client))
    fresh = ((kind == INTERMEDIARY) | (rng.random(len(client)) < 0.2)) & ~redo
    fresh[place] |= np.diff(client[place], prepend=-1) > 0
    fleet = kind == FLEET
    pool = rng.integers(10, 40, len(people.kind))[client]
    key = np.empty(len(client), np.int64)
    key[place] = np.cumsum(fresh[place])
    # Fleets draw from a park of their own; the parks are numbered after everybody else's devices.
    key = np.where(fleet, len(client) + client * 40 + rng.integers(0, 40, len(client)) % pool, key)
    _, asset = np.unique(key, return_inverse=True)
    assets = int(asset.max()) + 1 if len(asset) else 0
    category = choose(rng, (0.5, 0.4, 0.1), assets)
    return asset + 1, category[asset]


def _money(
    kind: Ints, category: Ints, service: Service, redo: Flags, billed: Flags, rng: np.random.Generator
) -> dict[str, Ints]:
    size = len(kind)
    price = np.clip(PRICE[category] * np.exp(0.62 * rng.standard_normal(size)), 1500, 25000)
    price = price * np.array([1.0, 0.75, 1.1])[kind]
    pay_type = np.where(redo, GOODWILL, np.where(rng.random(size) < 0.06, WARRANTY, 0))
    estimate = roubles(price)
    gross = roubles(price * (1 + service.over))
    # Nothing was mended: the diagnosis is paid, sometimes.
    diagnosis = np.where(rng.random(size) < 0.5, 80_000, 0)
    gross = np.where(service.outcome == 0, gross, np.where(service.outcome == 4, 0, diagnosis))
    gross = np.where((pay_type == 0) & billed, gross, 0)
    reduced = (rng.random(size) < np.array([0.08, 0.5, 0.3])[kind]) & (gross > 0)
    percent = 5 * (1 + choose(rng, (3, 2, 1), size))
    repaired = service.outcome == 0
    parts = np.where(repaired, roubles(price * np.clip(0.3 + 0.15 * rng.standard_normal(size), 0, 0.7)), 0)
    labour = np.where(repaired, roubles(price * 0.25), 20_000)
    return {
        "pay_type": pay_type,
        "estimate": estimate,
        "gross": gross,
        "discount": np.where(reduced, gross * percent // 100, 0),
        "parts": parts,
        "labour": labour,
    }


def _satisfaction(service: Service, redo: Flags, trait: Floats, rng: np.random.Generator) -> Ints:
    """0–99: what this client truly felt about this order."""
    days_late = np.maximum(service.turnaround_minutes - service.promised_minutes, 0) / 600
    felt = 82 + 6 * trait - 12 * service.late - np.minimum(5 * days_late, 20) - 18 * redo
    felt += -14 * (service.over > 0) - 8 * (service.outcome != 0) + 7 * rng.standard_normal(len(trait))
    rounded: Ints = np.clip(np.round(felt), 0, 99).astype(np.int64)
    return rounded


def orders(done: Work, hours: Hours, seed: int) -> pa.Table:
    """The canonical orders."""
    rng = stream(seed, "order table")
    size = len(done)
    technicians = technician_names(int(done.service.technician.max(initial=0)) + 1)
    repromised = repromises(done, hours, seed)[1]
    debtor = (rng.random(size) < np.array([0.002, 0.01, 0.08])[done.kind]) & (done.revenue > 0)
    return pa.table(
        {
            "order_id": integers(done.order_id),
            "customer_id": integers(done.client + 1),
            "asset_id": integers(done.asset),
            "centre": words(CENTRES, done.branch),
            "accepted_at": moments(done.accepted),
            "promised_at": moments(hours.moment(done.promised)),
            "repromised_at": moments(repromised),
            "ready_at": moments(done.ready),
            "notified_at": moments(done.notified),
            "picked_up_at": moments(done.picked_up),
            "outcome": words(OUTCOMES, done.service.outcome, done.ready == NEVER),
            "kind": words(("repair",), np.zeros(size, np.int64)),
            "department": words(("service",), np.zeros(size, np.int64)),
            "initiated_by": words(("client", "us"), choose(rng, (0.95, 0.05), size)),
            "pay_type": words(PAY_TYPES, done.pay_type),
            "place": words(("workshop", "on_site"), choose(rng, (0.96, 0.04), size)),
            "estimate": integers(done.estimate),
            "revenue": integers(done.revenue),
            "debt": integers(np.where(debtor, done.revenue // 2, 0)),
            "parts_cost": integers(done.parts),
            "labour_cost": integers(done.labour),
            "discount": integers(done.discount),
            "rework_of": integers(done.redo_of + 1, done.redo_of < 0),
            "advisor": words(ADVISORS, done.branch),
            "technician": words(technicians, done.service.technician * 2 + done.branch),
            "channel": words(CHANNELS, choose(rng, (5, 3, 2, 2), size)),
            "fault_text": words(FAULTS, _faults(done.redo_of, stream(seed, "faults"))),
        }
    )


def _faults(redo_of: Ints, rng: np.random.Generator) -> Ints:
    """What is complained of: the same again where a repair did not hold."""
    fault = rng.integers(0, len(FAULTS), len(redo_of))
    again = np.flatnonzero(redo_of >= 0)
    for order in again.tolist():  # orders stand in time, so that the first one's is settled
        fault[order] = fault[redo_of[order]]
    return fault


def technician_names(count: int) -> list[str]:
    """The technicians: one in each branch for each of `count` places."""
    surnames = names()["male"]["surname"]
    return [f"{surnames[n % len(surnames)]}{n // len(surnames) or ''}" for n in range(2 * count)]


def repromises(done: Work, hours: Hours, seed: int) -> tuple[Ints, Ints]:
    """When a second promise was given, and for when: half of the late orders are moved in time. NEVER elsewhere."""
    rng = stream(seed, "repromises")
    moved = done.service.late & (rng.random(len(done)) < 0.5)
    at = hours.moment(done.started + done.service.promised_minutes * 4 // 5)
    later = hours.moment((done.started + done.service.turnaround_minutes * 105 // 100) // 30 * 30 + 30)
    moved &= hours.known(at) != NEVER
    return np.where(moved, at, NEVER), np.where(moved, later, NEVER)


def assets(done: Work, seed: int) -> pa.Table:
    """The canonical assets: every device that was ever brought."""
    rng = stream(seed, "assets")
    asset, first = np.unique(done.asset, return_index=True)
    size, category = len(asset), done.category[first]
    low, high = np.array([BRANDS_OF[n] for n in range(3)])[category].T
    brand = low + np.floor(rng.random(size) * (high - low)).astype(np.int64)
    made = (done.accepted[first] // 86_400_000_000 - rng.integers(90, 1800, size)).astype("int32")
    # The maker's warranty runs from the sale, a season after making; one device in twenty was sold by the centre.
    bought = made + rng.integers(20, 90, size).astype("int32")
    covered = bought + 365 * (1 + choose(rng, (3, 1), size)).astype("int32")
    ours, unknown = rng.random(size) < 0.05, rng.random(size) < 0.3
    return pa.table(
        {
            "asset_id": integers(asset),
            "customer_id": integers(done.client[first] + 1),
            "category": words(CATEGORIES, category),
            "brand": words(BRANDS, brand),
            "model": joined(words(BRANDS, brand), " ", integers(100 + rng.integers(0, 40, size))),
            "serial_number": joined("SN", integers(10_000_000 + asset)),
            "made_at": pa.array(made, pa.int32()).cast(pa.date32()),
            "sold_at": pa.array(bought, pa.int32(), mask=~ours).cast(pa.date32()),
            "warranty_until": pa.array(covered, pa.int32(), mask=unknown).cast(pa.date32()),
        }
    )
