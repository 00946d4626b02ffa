"""What is written down around the orders: lines, stages, promises, estimates, contacts, answers, cases, payments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dovolen.insight.synth.draws import NEVER, Flags, Ints, choose, integers, moments, stream, words
from dovolen.insight.synth.hours import MINUTE, Hours
from dovolen.insight.synth.orders import ADVISORS, CENTRES, Work, repromises, technician_names
from dovolen.insight.synth.visits import PERSON

STAGES = ("accepted", "diagnosis", "approval", "waiting_parts", "repair", "check", "ready", "picked_up")
STAGE_AT = (0.0, 0.06, 0.2, 0.3, 0.5, 0.92, 1.0)
"""Share of the turnaround after which each stage begins."""
STAGE_NORMS = (0.5, 2.0, 4.0, 24.0, 6.0, 1.0, 48.0, 0.0)
SECOND = 1_000_000
HOUR = 60 * MINUTE
JOBS = ("Ремонт", "Диагностика", "Чистка", "Замена экрана", "Пайка")
EXTRAS = ("Замена аккумулятора", "Замена термопасты", "Защитное стекло")
METHODS = ("card", "cash", "transfer")


def lines(done: Work, seed: int) -> pa.Table:
    """The work and the part of every billed order; their prices add up to the bill before the discount.

    Beside them stands what was proposed and declined, in one order of twelve.
    """
    rng = stream(seed, "lines")
    billed = np.flatnonzero(done.gross > 0)
    part = np.where(
        done.parts[billed] > 0, np.minimum(done.parts[billed] * 16 // 1000 * 100, done.gross[billed] * 3 // 4), 0
    )
    order = np.concatenate([billed, billed[part > 0]])
    is_part = np.arange(len(order)) >= len(billed)
    price = np.concatenate([done.gross[billed] - part, part[part > 0]])
    job = np.where(is_part, len(JOBS), choose(rng, (5, 1, 2, 2, 2), len(order)))
    bill = pa.table(
        {
            "order_id": integers(order + 1),
            "kind": words(("labour", "part"), is_part.astype(np.int64)),
            "name": words((*JOBS, "Запчасть"), job),
            "quantity": np.ones(len(order)),
            "price": integers(price),
            "cost": integers(np.where(is_part, done.parts[order], done.labour[order])),
            "norm_hours": pa.array(1 + 0.5 * choose(rng, (3, 3, 2, 1), len(order)), mask=is_part),
            "work_group": words(("electrical",), np.zeros(len(order), np.int64), is_part),
            "state": words(("approved",), np.zeros(len(order), np.int64)),
        }
    )
    return pa.concat_tables([bill, _declined(done, rng)], promote_options="default").sort_by("order_id")


def _declined(done: Work, rng: np.random.Generator) -> pa.Table:
    order = np.flatnonzero((rng.random(len(done)) < 1 / 12) & (done.gross > 0))
    return pa.table(
        {
            "order_id": integers(order + 1),
            "kind": words(("labour",), np.zeros(len(order), np.int64)),
            "name": words(EXTRAS, rng.integers(0, len(EXTRAS), len(order))),
            "quantity": np.ones(len(order)),
            "price": integers(150_000 + 50_000 * rng.integers(0, 6, len(order))),
            "norm_hours": np.full(len(order), 0.5),
            "work_group": words(("electrical",), np.zeros(len(order), np.int64)),
            "state": words(("declined",), np.zeros(len(order), np.int64)),
            "decided_at": moments(done.accepted[order] + HOUR),
        }
    )


def stages(done: Work, hours: Hours, seed: int) -> pa.Table:
    """Changes of stage up to the end of the data; where discipline is low, all entered at once when all was ready."""
    rng = stream(seed, "stages")
    at = [_entered(done, hours, n) for n in range(len(STAGE_AT))]
    careless = rng.random(len(done)) < 0.12
    entered = [np.where(careless & (n > 0) & (n < 6), at[6] - (6 - n) * SECOND, moment) for n, moment in enumerate(at)]
    entered.append(done.picked_up)
    skipped = [
        ~done.service.waited_for_parts if n == 3 else done.service.outcome != 0 if n in (4, 5) else None
        for n in range(8)
    ]
    parts = [_known(moment, skip, hours) for moment, skip in zip(entered, skipped, strict=True)]
    order = np.concatenate(parts)
    stage = np.repeat(np.arange(8), [len(part) for part in parts])
    when = np.concatenate([moment[part] for moment, part in zip(entered, parts, strict=True)])
    place = np.lexsort((stage, order))
    order, stage, when = order[place], stage[place], when[place]
    technicians = technician_names(int(done.service.technician.max(initial=0)) + 1)
    return pa.table(
        {
            "order_id": integers(order + 1),
            "stage": words(STAGES, stage),
            "entered_at": moments(when),
            "norm_hours": np.asarray(STAGE_NORMS)[stage],
            "by": words(ADVISORS, done.branch[order]),
            "technician": words(technicians, (done.service.technician * 2 + done.branch)[order]),
        }
    )


def _entered(done: Work, hours: Hours, stage: int) -> Ints:
    # Seconds keep the order of stages where a short repair puts two of them into one minute.
    if stage == 0:
        return done.accepted
    worked = done.started + np.floor(done.service.turnaround_minutes * STAGE_AT[stage]).astype(np.int64)
    return hours.moment(worked) + (0 if stage == 6 else stage) * SECOND


def _known(moment: Ints, skip: Flags | None, hours: Hours) -> Ints:
    """Orders that entered the stage before the end of the data."""
    entered = hours.known(moment) != NEVER
    return np.flatnonzero(entered if skip is None else entered & ~skip)


def promises(done: Work, hours: Hours, seed: int) -> pa.Table:
    """The first promise of every order, and the second where it was moved."""
    at, later = repromises(done, hours, seed)
    moved = np.flatnonzero(at != NEVER)
    table = pa.table(
        {
            "order_id": integers(np.concatenate([done.order_id, moved + 1])),
            "at": moments(np.concatenate([done.accepted, at[moved]])),
            "promised_at": moments(np.concatenate([hours.moment(done.promised), later[moved]])),
        }
    )
    return table.sort_by([("order_id", "ascending"), ("at", "ascending")])


def estimates(done: Work, hours: Hours) -> pa.Table:
    """What the client was told the work would cost, and when he agreed."""
    at = hours.moment(done.started + done.service.turnaround_minutes // 10)
    known = np.flatnonzero(hours.known(at) != NEVER)
    agreed = hours.known(at + 20 * MINUTE)
    return pa.table(
        {
            "order_id": integers(known + 1),
            "at": moments(at[known]),
            "amount": integers(done.estimate[known]),
            "approved_at": moments(np.where(done.service.outcome == 1, NEVER, agreed)[known]),
        }
    )


def contacts(done: Work, hours: Hours, seed: int) -> pa.Table:
    """Messages that the order is ready, and calls of clients who ask – more of them where it is late."""
    rng = stream(seed, "contacts")
    told = np.flatnonzero(done.notified != NEVER)
    asked = np.repeat(np.arange(len(done)), rng.poisson(np.where(done.service.late, 1.3, 0.12)))
    share = rng.random(len(asked))
    worked = done.started[asked] + np.floor(done.service.turnaround_minutes[asked] * (0.3 + 0.7 * share)).astype(
        np.int64
    )
    called = hours.known(hours.moment(worked))
    asked, called = asked[called != NEVER], called[called != NEVER]
    order = np.concatenate([told, asked])
    inward = np.arange(len(order)) >= len(told)
    return pa.table(
        {
            "customer_id": integers(done.client[order] + 1),
            "order_id": integers(order + 1),
            "at": moments(np.concatenate([done.notified[told], called])),
            "channel": words(("sms", "call"), inward.astype(np.int64)),
            "direction": words(("out", "in"), inward.astype(np.int64)),
            "by": words(ADVISORS, done.branch[order]),
            "purpose": words(("ready", "asks"), inward.astype(np.int64)),
            "minutes": pa.array(1.0 + choose(rng, (3, 2, 1), len(order)), mask=~inward),
        }
    ).sort_by([("order_id", "ascending"), ("at", "ascending")])


def feedback(done: Work, hours: Hours, seed: int) -> pa.Table:
    """Answers to surveys after pickup: one in seven answers, the unhappy a little oftener."""
    rng = stream(seed, "feedback")
    at = done.picked_up + (20 + rng.integers(0, 80, len(done))) * HOUR
    answers = rng.random(len(done)) < 0.13 + 0.08 * (done.satisfaction < 60)
    order = np.flatnonzero(answers & (done.picked_up != NEVER) & (at < hours.end))
    nps = rng.random(len(order)) < 0.4
    felt = done.satisfaction[order] + 6 * rng.standard_normal(len(order))
    return pa.table(
        {
            "customer_id": integers(done.client[order] + 1),
            "order_id": integers(order + 1),
            "at": moments(at[order]),
            "kind": words(("csat", "nps"), nps.astype(np.int64)),
            "score": np.where(nps, np.clip(np.round(felt / 9), 0, 10), np.clip(np.ceil(felt / 18), 1, 5)),
            "scale": np.where(nps, 10.0, 5.0),
            "by_manager": words(ADVISORS, done.branch[order]),
        }
    )


def cases(done: Work, hours: Hours, seed: int) -> pa.Table:
    """Complaints, which come from the badly served, and questions, which come from anybody."""
    rng = stream(seed, "cases")
    complains = rng.random(len(done)) < np.where(done.satisfaction < 50, 0.12, 0.003)
    asks = ~complains & (rng.random(len(done)) < 0.01)
    opened = done.ready + rng.integers(1, 100, len(done)) * HOUR
    order = np.flatnonzero((complains | asks) & (done.ready != NEVER) & (opened < hours.end))
    replied = opened[order] + rng.integers(10, 1500, len(order)) * MINUTE
    resolved = hours.known(replied + rng.integers(1, 240, len(order)) * HOUR)
    causes = np.where(
        done.redo_of[order] >= 0, 1, np.where(done.service.late[order], 0, np.where(done.service.over[order] > 0, 2, 3))
    )
    return pa.table(
        {
            "customer_id": integers(done.client[order] + 1),
            "order_id": integers(order + 1),
            "kind": words(("question", "complaint"), complains[order].astype(np.int64)),
            "opened_at": moments(opened[order]),
            "first_reply_at": moments(hours.known(replied)),
            "resolved_at": moments(resolved),
            "outcome": words(("solved", "refused"), choose(rng, (0.8, 0.2), len(order)), resolved == NEVER),
            "category": words(("срок", "повторный ремонт", "цена", "другое"), causes),
            "owner": words(ADVISORS, done.branch[order]),
        }
    )


def payments(done: Work, seed: int) -> pa.Table:
    """What was paid: at pickup, a tenth in advance."""
    rng = stream(seed, "payments")
    paid = np.flatnonzero((done.revenue > 0) & (done.picked_up != NEVER))
    ahead = (rng.random(len(paid)) < 0.1) & (done.kind[paid] == PERSON)
    advance = done.revenue[paid] // 3
    order = np.concatenate([paid, paid[ahead]])
    return pa.table(
        {
            "order_id": integers(order + 1),
            "at": moments(np.concatenate([done.picked_up[paid], done.accepted[paid[ahead]]])),
            "amount": integers(np.concatenate([done.revenue[paid] - np.where(ahead, advance, 0), advance[ahead]])),
            "method": words(METHODS, choose(rng, (6, 2, 2), len(order))),
        }
    ).sort_by([("order_id", "ascending"), ("at", "ascending")])


def centres() -> pa.Table:
    """The two branches."""
    return pa.table({"centre": list(CENTRES), "zone": ["Europe/Moscow"] * 2, "currency": ["RUB"] * 2})
