"""Who comes when: visits as a Poisson process that a client leaves the sooner, the worse he was served.

Each client has his own rate (gamma over persons) and his own hazard of leaving. After a visit the hazard is set anew
by how that visit went: a broken promise, a bill over the estimate and a repair done twice raise it. All time here is
demand (see `hours`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dovolen.insight.synth.draws import Flags, Floats, Ints, choose

PERSON, INTERMEDIARY, FLEET = 0, 1, 2
KINDS = ("person", "intermediary", "fleet")

MONTH = 365.25 / 12
HAZARD = (0.035, 0.012, 0.010)
"""Of leaving in a month after a faultless service, by kind."""
LATE, OVER, REDONE = 0.8, 0.6, 1.1
"""What a broken promise, a dearer bill, a second repair add to the logarithm of the hazard."""
PROMISED_HOURS = (22.0, 7.0, 16.0)
"""Of work, the median by kind."""
OUTCOMES = ("repaired", "declined", "beyond_repair", "no_fault_found", "cancelled")
OUTCOME_WEIGHTS = (0.83, 0.07, 0.03, 0.05, 0.02)


@dataclass(frozen=True)
class Clients:
    """Hidden truth about each client, by position."""

    kind: Ints
    rate: Floats
    """Visits a day of demand."""
    trait: Floats
    """How easily he is pleased: standard normal."""
    first: Floats
    """Demand before his first visit."""
    home: Ints
    """The branch he uses."""


@dataclass(frozen=True)
class Service:
    """How each of some orders was served."""

    technician: Ints
    """Within the branch."""
    promised_minutes: Ints
    turnaround_minutes: Ints
    waited_for_parts: Flags
    over: Floats
    """Bill over the estimate, as a share of it; negative is cheaper."""
    outcome: Ints
    fails: Flags
    """The same fault will come back."""

    @property
    def late(self) -> Flags:
        """The promise was broken."""
        return self.turnaround_minutes > self.promised_minutes


@dataclass(frozen=True)
class Visits:
    """All visits in order of time, and what became of the clients."""

    client: Ints
    demand: Floats
    branch: Ints
    redo_of: Ints
    """The visit whose repair is done again, −1 if none."""
    service: Service
    left: Floats
    """Demand at which each client left for good, nan while he stays."""
    hazard: Floats
    """Of leaving, in a month, as his last visit left it."""


def serve(kind: Ints, skill: Floats, rng: np.random.Generator) -> Service:
    """Chance and the skill of technicians decide how orders of clients of these kinds go."""
    size = len(kind)
    technician = rng.integers(0, len(skill), size)
    waits = rng.random(size) < 0.12
    promised = np.asarray(PROMISED_HOURS)[kind] * 60 * np.exp(0.5 * rng.standard_normal(size))
    promised_minutes = np.clip(np.ceil(promised / 30) * 30, 60, 60 * 90).astype(np.int64)
    pace = np.exp(-0.67 + 0.45 * rng.standard_normal(size) - 0.15 * skill[technician] + 0.7 * waits)
    drift = np.where(rng.random(size) < 0.18, 0.02 + rng.exponential(0.12, size), 0.0)
    cheaper = np.where(rng.random(size) < 0.08, -0.1, 0.0)
    outcome = choose(rng, OUTCOME_WEIGHTS, size)
    fails = (outcome == 0) & (rng.random(size) < 0.05 * np.exp(-0.6 * skill[technician]))
    turnaround = np.maximum(np.floor(promised_minutes * pace), 20).astype(np.int64)
    return Service(technician, promised_minutes, turnaround, waits, np.where(drift > 0, drift, cheaper), outcome, fails)


def visits(
    clients: Clients, horizon: float, skill: Floats, rng: np.random.Generator, invited: tuple[Ints, Floats]
) -> Visits:
    """Every visit before `horizon`: round by round, the next visit of all clients who still come.

    `invited` are visits beyond these, of clients whom a campaign brought; who has left does not come for it.
    """
    left = np.full(len(clients.kind), np.nan)
    hazard = np.asarray(HAZARD)[clients.kind] * np.exp(-0.3 * clients.trait)
    who = np.flatnonzero(clients.first < horizon)
    when, redo_of = clients.first[who], np.full(len(who), -1, np.int64)
    rounds: list[tuple[Ints, Floats, Ints, Service]] = []
    made = 0
    while len(who):
        service = serve(clients.kind[who], skill, rng)
        rounds.append((who, when, redo_of, service))
        hazard[who] = _hazard(clients, who, service, redo_of)
        number = made + np.arange(len(who))
        made += len(who)
        comes, leaves, redo = _next(clients, who, when, service, hazard, rng)
        gone = (leaves < comes) & (leaves <= horizon)
        left[who[gone]] = leaves[gone]
        stays = ~gone & (comes < horizon)
        who, when, redo_of = who[stays], comes[stays], np.where(redo, number, -1)[stays]
    who, when = invited
    heeds = (when < horizon) & ~(left[who] <= when) & (clients.first[who] < when)
    who, when = who[heeds], when[heeds]
    rounds.append((who, when, np.full(len(who), -1, np.int64), serve(clients.kind[who], skill, rng)))
    return _in_order(clients, rounds, left, hazard, rng)


def _hazard(clients: Clients, who: Ints, service: Service, redo_of: Ints) -> Floats:
    base = np.asarray(HAZARD)[clients.kind[who]] * np.exp(-0.3 * clients.trait[who])
    worse = LATE * service.late + OVER * (service.over > 0) + REDONE * (redo_of >= 0)
    result: Floats = base * np.exp(worse)
    return result


def _next(
    clients: Clients, who: Ints, when: Floats, service: Service, hazard: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats, Flags]:
    """When each client would come next, when he would leave, and whether he comes to have the same done again."""
    size = len(who)
    # A person cannot bring the device while it is still here; firms have others.
    here = np.where(clients.kind[who] == PERSON, service.turnaround_minutes / 600 * 1.3 + 2, 0.0)
    redo = service.fails & (clients.kind[who] == PERSON)
    own = rng.exponential(1.0, size) / clients.rate[who]
    back = 3 + rng.exponential(18.0, size)
    comes = when + here + np.where(redo, back, own)
    leaves = when + rng.exponential(1.0, size) / hazard[who] * MONTH
    return comes, np.where(redo, np.inf, leaves), redo


def _in_order(
    clients: Clients,
    rounds: list[tuple[Ints, Floats, Ints, Service]],
    left: Floats,
    hazard: Floats,
    rng: np.random.Generator,
) -> Visits:
    client = _glued([part[0] for part in rounds], np.int64)
    demand = _glued([part[1] for part in rounds], np.float64)
    redo_of = _glued([part[2] for part in rounds], np.int64)
    order = np.lexsort((client, demand))
    place = np.empty(len(order) + 1, np.int64)
    place[order], place[-1] = np.arange(len(order)), -1
    away = rng.random(len(order)) < 0.08
    return Visits(
        client=client[order],
        demand=demand[order],
        branch=np.where(away, 1 - clients.home[client], clients.home[client])[order],
        redo_of=place[redo_of[order]],
        service=taken(glue([part[3] for part in rounds]), order),
        left=left,
        hazard=hazard,
    )


def glue(parts: list[Service]) -> Service:
    """Orders of several services, one after another."""
    names = Service.__dataclass_fields__
    empty = serve(np.zeros(0, np.int64), np.zeros(1), np.random.default_rng(0))
    return Service(**{name: np.concatenate([getattr(part, name) for part in parts or [empty]]) for name in names})


def taken(service: Service, places: Ints) -> Service:
    """The service of the orders at these places."""
    return Service(**{name: getattr(service, name)[places] for name in Service.__dataclass_fields__})


def _glued(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, kind)
