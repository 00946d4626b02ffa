"""The clients of the invented centre: who they truly are, and what its base says about them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dovolen.insight.synth.draws import NEVER, Flags, Ints, choose, integers, joined, moments, stream, words
from dovolen.insight.synth.hours import MINUTE, Hours
from dovolen.insight.synth.visits import FLEET, INTERMEDIARY, KINDS, PERSON, Clients, Visits

VISITS_A_YEAR = 1.2
"""The mean over persons; half of the clients come more seldom than 0.8 times."""
VISITS_A_WEEK = {INTERMEDIARY: 2.3, FLEET: 0.35}
SOURCES = ("Яндекс Карты", "2ГИС", "рекомендация", "сайт", "Авито", "вывеска", "реклама")
SOURCE_WEIGHTS = (0.30, 0.15, 0.20, 0.14, 0.08, 0.08, 0.05)
REFERRED = SOURCES.index("рекомендация")
MANAGERS = ("Марина", "Олег")
DAY = 86_400_000_000
"""Microseconds."""


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """The lists that invented people and companies are named from."""
    return tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))


def clients(count: int, seed: int, horizon: float, *, lively: bool) -> Clients:
    """The hidden truth about `count` clients; new ones nearly stop half-way where the centre is not `lively`."""
    rng = stream(seed, "clients")
    kind = np.full(count, PERSON, np.int64)
    firms = rng.permutation(count)
    intermediaries, fleets = _share(count, 0.004), _share(count, 0.008)
    kind[firms[:intermediaries]] = INTERMEDIARY
    kind[firms[intermediaries : intermediaries + fleets]] = FLEET
    # Shape 0.8: many come once in years, a few often.
    rate = rng.gamma(0.8, VISITS_A_YEAR / 0.8, count) / 365.0
    for firm, weekly in VISITS_A_WEEK.items():
        rate = np.where(kind == firm, weekly / 7 * np.exp(0.15 * rng.standard_normal(count)), rate)
    share = rng.random(count)
    first = horizon * (share if lively else np.where(share < 0.9, share * 0.6, share * 10 - 9))
    # The centre did not open on the first day of its data: a fifth of the clients had come before and are met at once.
    known = rng.random(count) < np.where(kind == PERSON, 0.2, 0.6)
    first = np.where(known, rng.exponential(45.0, count), first)
    # Some stand in the base and never brought anything.
    first = np.where((rng.random(count) < 0.01) & (kind == PERSON) & (np.arange(count) > 0), np.inf, first)
    return Clients(kind, rate, rng.standard_normal(count), first, (rng.random(count) < 0.4).astype(np.int64))


def _share(count: int, share: float) -> int:
    """So many of them, but two at least in any centre large enough to have them."""
    return max(2, round(count * share)) if count >= 40 else 0


def customers(people: Clients, orders: pa.Table, hours: Hours, seed: int) -> pa.Table:
    """The base as the staff keeps it: names, phones, marks (some of them wrong), sources."""
    rng = stream(seed, "customers")
    count = len(people.kind)
    first_at, last_at, n_orders = _span(orders, count)
    company = (people.kind == FLEET) | ((people.kind == INTERMEDIARY) & (rng.random(count) < 0.5))
    source = choose(rng, SOURCE_WEIGHTS, count)
    referrer = np.floor(rng.random(count) * np.arange(count)).astype(np.int64) + 1
    referred = (source == REFERRED) & (rng.random(count) < 0.6) & (np.arange(count) > 0)
    registered = hours.first_day * DAY + rng.integers(0, hours.last_day - hours.first_day, count) * DAY + DAY // 2
    blocked_at = np.where(
        (rng.random(count) < 0.006) & (last_at != NEVER), last_at + rng.integers(5, 60, count) * DAY, NEVER
    )
    by_hand = rng.random(count) < 0.001
    return pa.table(
        {
            "customer_id": integers(np.arange(1, count + 1)),
            "kind": words(("person", "company"), company.astype(np.int64)),
            "name": _names(company, rng),
            "phones": _phones(count),
            "emails": _emails(count, rng),
            "address": _addresses(people, rng),
            "regular_mark": pa.array(_marked(people, n_orders, rng)),
            "class_hand": words(("regular", "one_off"), choose(rng, (1, 1), count), ~by_hand),
            "class_hand_by": words(MANAGERS, choose(rng, (1, 1), count), ~by_hand),
            "class_hand_at": moments(np.where(by_hand & (first_at != NEVER), first_at, NEVER)),
            "blocked_at": moments(hours.known(blocked_at)),
            "source": words(SOURCES, source),
            "referred_by": integers(referrer, ~referred),
            "created_at": moments(np.where(first_at == NEVER, registered, first_at - 5 * MINUTE)),
            "manager": words(MANAGERS, people.home),
            "image_value": integers(1 + choose(rng, (3, 4, 2, 1, 0.3), count)),
            "potential": integers(np.clip(1 + choose(rng, (4, 3, 2, 1), count) + company, 1, 5)),
        }
    )


def truth(people: Clients, history: Visits, orders: pa.Table, order_satisfaction: Ints, hours: Hours) -> pa.Table:
    """What an analysis should find out: one row a client.

    `satisfaction` is the mean over his orders (null without one), `trait` how easily he is pleased, `hazard_monthly`
    his risk of leaving as the last visit left it, `left_at` the day he left for good, null while he stays.
    """
    count = len(people.kind)
    owner = orders["customer_id"].to_numpy() - 1
    served = np.bincount(owner, minlength=count)
    total = np.bincount(owner, order_satisfaction, minlength=count)
    day, _ = hours.accepted(np.nan_to_num(history.left))
    return pa.table(
        {
            "customer_id": integers(np.arange(1, count + 1)),
            "true_kind": words(KINDS, people.kind),
            "trait": people.trait,
            "satisfaction": pa.array(total / np.maximum(served, 1), mask=served == 0),
            "visits_a_year": people.rate * 365,
            "hazard_monthly": history.hazard,
            "left_at": pa.array(day.astype("int32"), pa.int32(), mask=np.isnan(history.left)).cast(pa.date32()),
        }
    )


def _span(orders: pa.Table, count: int) -> tuple[Ints, Ints, Ints]:
    """First and last moment of each client's orders (NEVER without one), and their number."""
    owner = orders["customer_id"].to_numpy() - 1
    at = orders["accepted_at"].cast(pa.int64()).to_numpy()
    first, last = np.full(count, np.iinfo(np.int64).max), np.full(count, NEVER)
    np.minimum.at(first, owner, at)
    np.maximum.at(last, owner, at)
    return np.where(last == NEVER, NEVER, first), last, np.bincount(owner, minlength=count)


def _marked(people: Clients, n_orders: Ints, rng: np.random.Generator) -> Flags:
    """Whom the staff marked as regular: mostly those who are, some without reason, some forgotten."""
    deserves = (people.kind != PERSON) | (n_orders >= 6)
    marked: Flags = rng.random(len(n_orders)) < np.where(deserves, 0.8, 0.004)
    return marked


def _names(company: Flags, rng: np.random.Generator) -> pa.Array:
    count = len(company)
    lists = names()
    people = [_person_names(lists[sex], count, rng) for sex in ("male", "female")]
    person = pc.if_else(pa.array(rng.random(count) < 0.58), people[0], people[1])
    firm = lists["company"]
    form = words(firm["form"], choose(rng, (5, 1), count))
    title = words(firm["word"], rng.integers(0, len(firm["word"]), count))
    return pc.if_else(pa.array(company), joined(form, " «", title, "-", integers(np.arange(1, count + 1)), "»"), person)


def _person_names(lists: dict[str, list[str]], count: int, rng: np.random.Generator) -> pa.Array:
    # Squared chance: the lists are sorted, common names come more often.
    parts = [words(lists[part], _skewed(len(lists[part]), count, rng)) for part in ("surname", "first", "patronymic")]
    return joined(parts[0], " ", parts[1], " ", parts[2])


def _skewed(values: int, count: int, rng: np.random.Generator) -> Ints:
    return np.floor(values * rng.random(count) ** 1.6).astype(np.int64)


def _phones(count: int) -> pa.Array:
    """+7 997 200-00-00 … 599-99-99, which belong to nobody: scattered, and unique up to four million clients."""
    number = 2_000_000 + (np.arange(count, dtype=np.int64) * 1_234_577) % 4_000_000
    return joined("+7997", integers(number))


def _emails(count: int, rng: np.random.Generator) -> pa.Array:
    address = joined("client", integers(np.arange(1, count + 1)), "@example.com")
    return pc.if_else(pa.array(rng.random(count) < 0.4), address, pa.scalar(None, pa.string()))


def _addresses(people: Clients, rng: np.random.Generator) -> pa.Array:
    """Few persons leave an address; intermediaries share those of two markets."""
    count = len(people.kind)
    house = joined("ул. Садовая, д. ", integers(1 + rng.integers(0, 200, count)))
    market = words(("радиорынок, пав. 12", "радиорынок, пав. 40"), choose(rng, (1, 1), count))
    address = pc.if_else(pa.array(people.kind == INTERMEDIARY), market, house)
    return pc.if_else(
        pa.array((rng.random(count) < 0.15) | (people.kind != PERSON)), address, pa.scalar(None, pa.string())
    )
