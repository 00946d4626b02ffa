"""What the centre does to be visited, and what comes of it: campaigns with a hold-out, enquiries, bookings, outlays.

Of two campaigns the first brings clients back (`RESPONSE`), the second does nothing; what an enquiry becomes depends on
how well it was pitched and how attractive it is, not on the brand. These are the truths that recovery tests look for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from dovolen.insight.stats.trials import arm
from dovolen.insight.synth.draws import NEVER, Flags, Floats, Ints, choose, integers, moments, stream, words
from dovolen.insight.synth.hours import MINUTE, Hours, utc
from dovolen.insight.synth.orders import Work
from dovolen.insight.synth.people import SOURCES
from dovolen.insight.synth.visits import PERSON, Clients

CAMPAIGNS = (1, 2)
DAYS_AGO = (150, 95)
"""How long before the last day each campaign was sent."""
RESPONSE = (0.15, 0.0)
"""Share of the treated who come because of it, beyond those who come anyway."""
HOLDOUT = 0.2
COST = 450
"""Kopecks a message."""
LEAD_WEIGHTS = {"brand": 0.0, "attractiveness": 0.5, "pitch": 0.9}
"""Of one more mark in the logarithm of the odds to win."""
REQUESTS = ("ноутбук под ключ", "замена экрана", "обслуживание парка", "покупка с ремонта", "чистка")
LOST = ("дорого", "долго", "выбрал другой сервис", "передумал")
EVENTS = ("appraisal", "interest", "dispute")
DAY = 1440 * MINUTE


@dataclass(frozen=True)
class Campaign:
    """One campaign: whom it chose, in which arm, and who of the treated would come for it, when."""

    number: int
    sent: int
    """UTC microseconds."""
    client: Ints
    treated: Flags
    comes: Flags
    demand: Floats
    """Of the visit it brings."""


def campaigns(people: Clients, hours: Hours, seed: int) -> list[Campaign]:
    """Both campaigns, drawn before anyone has come: all persons known by then, arms by stable hash."""
    rng = stream(seed, "campaigns")
    made = []
    for number, ago, response in zip(CAMPAIGNS, DAYS_AGO, RESPONSE, strict=True):
        day = hours.last_day - ago
        start = float(hours.busy[max(day - hours.first_day, 0)])
        client = np.flatnonzero((people.kind == PERSON) & (people.first < start))
        treated = np.array([arm(int(one) + 1, f"campaign {number}", HOLDOUT) == "treated" for one in client], bool)
        comes = treated & (rng.random(len(client)) < response)
        sent = int(utc(np.array([day]), np.array([120]))[0])
        made.append(Campaign(number, sent, client, treated, comes, start + 1 + rng.exponential(12.0, len(client))))
    return made


def invited(chosen: list[Campaign]) -> tuple[Ints, Floats]:
    """Clients whom a campaign makes come once more, and when, in demand."""
    client = [one.client[one.comes] for one in chosen]
    demand = [one.demand[one.comes] for one in chosen]
    return np.concatenate(client), np.concatenate(demand)


def messages(chosen: list[Campaign], seed: int) -> pa.Table:
    """One row a person of a campaign; those held out stand there too, and cost nothing."""
    rng = stream(seed, "messages")
    client = np.concatenate([one.client for one in chosen])
    treated = np.concatenate([one.treated for one in chosen])
    number = np.repeat([one.number for one in chosen], [len(one.client) for one in chosen]).astype(np.int64)
    sent = np.repeat([one.sent for one in chosen], [len(one.client) for one in chosen]).astype(np.int64)
    arrived = treated & (rng.random(len(client)) < 0.96)
    delivered = np.where(arrived, sent + rng.integers(1, 30, len(client)) * MINUTE, NEVER)
    return pa.table(
        {
            "customer_id": integers(client + 1),
            "campaign_id": integers(number),
            "sent_at": moments(sent),
            "delivered_at": moments(delivered),
            "channel": words(("sms",), np.zeros(len(client), np.int64)),
            "purpose": words(("offer",), np.zeros(len(client), np.int64)),
            "cost": integers(np.where(treated, COST, 0)),
            "arm": words(("holdout", "treated"), treated.astype(np.int64)),
        }
    )


def leads(people: Clients, hours: Hours, seed: int) -> pa.Table:
    """Enquiries, one for every six clients; the latest are still open."""
    rng = stream(seed, "leads")
    count, known = len(people.kind) // 6, len(people.kind)
    at = _evenly(hours, count, rng)
    marks = {name: 1 + choose(rng, (1, 2, 3, 2, 1), count) for name in LEAD_WEIGHTS}
    odds = -0.4 + sum(weight * (marks[name] - 3) for name, weight in LEAD_WEIGHTS.items())
    won = rng.random(count) < 1 / (1 + np.exp(-odds))
    fresh = at > hours.end - 30 * DAY
    outcome = np.where(won, 0, 1)
    return pa.table(
        {
            "lead_id": integers(np.arange(1, count + 1)),
            "customer_id": integers(1 + rng.integers(0, max(known, 1), count), rng.random(count) < 0.7),
            "request": words(REQUESTS, choose(rng, (1, 3, 1, 1, 2), count)),
            "at": moments(at),
            "source": words(SOURCES, choose(rng, (3, 2, 2, 2, 1, 1, 1), count)),
            **{name: integers(values) for name, values in marks.items()},
            "outcome": words(("won", "lost"), outcome, fresh),
            "lost_reason": words(LOST, choose(rng, (4, 2, 3, 1), count), fresh | won),
            "next_contact_at": moments(np.where(fresh, hours.end + rng.integers(1, 21, count) * DAY, NEVER)),
        }
    )


def bookings(done: Work, seed: int) -> pa.Table:
    """Appointments: one order in five was booked a few days ahead, one booking in eight came to nothing."""
    rng = stream(seed, "bookings")
    booked = np.flatnonzero(rng.random(len(done)) < 0.2)
    missed = booked[rng.random(len(booked)) < 0.125]
    order = np.concatenate([booked, missed])
    came = np.arange(len(order)) < len(booked)
    wanted = done.accepted[order] - np.where(came, 0, rng.integers(3, 20, len(order)) * DAY)
    return pa.table(
        {
            "customer_id": integers(done.client[order] + 1),
            "at": moments(wanted - rng.integers(1, 6, len(order)) * DAY),
            "for_at": moments(wanted),
            "arrived": pa.array(came),
        }
    ).sort_by([("for_at", "ascending"), ("customer_id", "ascending")])


def events(people: Clients, hours: Hours, seed: int) -> pa.Table:
    """What else happened with clients, by pure chance: it says nothing of who will come back."""
    rng = stream(seed, "events")
    count = len(people.kind) // 8
    client = rng.integers(0, max(len(people.kind), 1), count)
    return pa.table(
        {
            "customer_id": integers(client + 1),
            "at": moments(_evenly(hours, count, rng)),
            "kind": words(EVENTS, choose(rng, (5, 4, 1), count)),
        }
    )


def spend(people: Clients, hours: Hours, seed: int) -> pa.Table:
    """Outlays a month on the sources that are paid for."""
    rng = stream(seed, "spend")
    paid = ("Яндекс Карты", "2ГИС", "Авито", "реклама")
    months = _months(hours)
    size = len(months) * len(paid)
    amount = np.floor(len(people.kind) * np.tile([9.0, 5.0, 4.0, 7.0], len(months)) * (0.7 + 0.6 * rng.random(size)))
    return pa.table(
        {
            "month": pa.array(np.repeat(np.array(months, "datetime64[D]"), len(paid))).cast(pa.date32()),
            "source": list(paid) * len(months),
            "amount": integers(amount.astype(np.int64) * 100),
        }
    )


def plans(done: Work, hours: Hours) -> pa.Table:
    """What was planned: a tenth more orders every month than an even share of the whole."""
    months = _months(hours)
    target = float(np.ceil(1.1 * len(done) / len(months)))
    return pa.table(
        {
            "month": pa.array(months, pa.date32()),
            "measure": ["orders"] * len(months),
            "value": [target] * len(months),
        }
    )


def _months(hours: Hours) -> list[date]:
    """First days of the months that the data touch."""
    first, last = (date(1970, 1, 1) + timedelta(days=day) for day in (hours.first_day, hours.last_day))
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _evenly(hours: Hours, count: int, rng: np.random.Generator) -> Ints:
    """Moments spread over the working hours of all days."""
    day = rng.integers(hours.first_day, hours.last_day + 1, count)
    return utc(np.sort(day), rng.integers(0, 540, count))
