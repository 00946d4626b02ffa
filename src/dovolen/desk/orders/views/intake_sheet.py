"""What the intake page shows beside its form. Everything is asked for when it is drawn: a part asks for its part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from dovolen.desk.assets import identifiers
from dovolen.desk.assets.models import AT_INTAKE
from dovolen.desk.assets.queries import checklist
from dovolen.desk.core import words
from dovolen.desk.core.templatetags.words import lasting
from dovolen.desk.orders import queries as orders
from dovolen.desk.orders.forms.intake import LINE_KINDS, OTHER, IntakeForm, Row
from dovolen.desk.orders.models import Line
from dovolen.desk.orders.queries import intake as queries
from dovolen.desk.orders.queries.intake import Match, Past, Template
from dovolen.desk.people import names, phones
from dovolen.desk.people.models import PURPOSES, Consent, Customer
from dovolen.desk.people.queries import Similar, consents_now, known_elsewhere, similar
from dovolen.insight.currencies import minor_units
from dovolen.insight.words import NBSP, SIGNS

SURE = 0.9
"""Of the dates that may be promised the earliest kept in so many cases is chosen beforehand."""
LATELY = 30
"""Days in which a warranty that ran out is worth a word."""
SHOWN_PROMISES, SHOWN_PAST = 5, 4


@dataclass(frozen=True)
class Check:
    """Something looked at when a device comes in."""

    key: int
    text: str
    is_on: bool


@dataclass(frozen=True)
class Term:
    """A date that may be promised."""

    value: str
    at: datetime
    share: float | None
    is_chosen: bool


@dataclass(frozen=True)
class Agreement:
    """A purpose, the consent that was given to it before, and whether it is ticked now."""

    purpose: str
    given: Consent | None
    is_on: bool


class Sheet:
    """The intake page around a form."""

    def __init__(self, form: IntakeForm) -> None:
        self.form, self.person, self.now = form, form.person, form.now

    @property
    def chosen(self) -> str:
        """Who was chosen, as the form carries it."""
        return self.form.typed("customer") if self.form.is_chosen else ""

    @property
    def q(self) -> str:
        """What was typed to find somebody."""
        return self.form.typed("q")

    @property
    def is_asked(self) -> bool:
        """Whether enough was typed to look for somebody."""
        return len(self.q) >= queries.LEAST

    @property
    def masked_chosen(self) -> str:
        """The initials of the client of another centre who was chosen."""
        return names.masked(self.form.elsewhere.name) if self.form.elsewhere else ""

    # ── Who came ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def matches(self) -> list[Match]:
        """Who may be meant by what was typed; nobody once it is clear."""
        return [] if self.form.is_chosen else queries.look_up(self.form.typed("q"), self.person)

    @property
    def certain(self) -> Match | None:
        """The only one whose whole number was typed: he is taken without a question."""
        sure = [match for match in self.matches if match.is_certain]
        return sure[0] if len(sure) == 1 else None

    @cached_property
    def masked(self) -> str:
        """The initials of a client of another centre who has exactly this number."""
        number = phones.normal(self.form.typed("q"))
        if self.form.is_chosen or self.certain or not number:
            return ""
        found = known_elsewhere(number, self.person)
        return found[0].masked if len(found) == 1 else ""

    @property
    def new_text(self) -> str:
        """What a new client would begin with."""
        typed = self.form.typed("q")
        number = phones.normal(typed)
        return phones.shown(number) if number else typed if not any(sign.isdigit() for sign in typed) else ""

    @cached_property
    def alike(self) -> list[Similar]:
        """Clients like the new one that is being typed."""
        if not self.form.is_new:
            return []
        return similar(name=self.form.typed("name"), phone=self.form.typed("phone"), staff=self.person, n=3)

    @property
    def client(self) -> Customer | None:
        """The client who was chosen, where he may be seen."""
        return self.form.known

    # ── What was before ──────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def past(self) -> list[Past]:
        """The latest orders of the client and of the device."""
        return queries.past_of(self.client, self.form.asset, self.person, self.now)

    @property
    def of_device(self) -> list[Past]:
        """Those of the device."""
        asset = self.form.asset
        return [past for past in self.past if asset and past.order.asset_id == asset.pk][:SHOWN_PAST]

    @property
    def n_of_device(self) -> int:
        """How often it was here, as far as is shown."""
        asset = self.form.asset
        return sum(bool(asset) and past.order.asset_id == asset.pk for past in self.past)  # type: ignore[union-attr]

    @property
    def of_client(self) -> list[Past]:
        """Those of the client."""
        return [past for past in self.past if self.client and past.order.customer_id == self.client.pk]

    @property
    def here_now(self) -> list[tuple[Past, str]]:
        """What of his is here, and in which stage."""
        return [(past, orders.stage_name(past.order.stage)) for past in self.of_client if past.is_open]

    @property
    def promised(self) -> list[Past]:
        """His latest orders that were ready after a promise."""
        return [past for past in self.of_client if past.late is not None][:SHOWN_PROMISES]

    @property
    def n_kept(self) -> int:
        """How many of those promises were kept."""
        return sum(not past.is_late for past in self.promised)

    @property
    def redone(self) -> list[Past]:
        """Repairs of the device that may have to be done again."""
        return [past for past in self.of_device if past.may_be_redone]

    @property
    def rework(self) -> int:
        """The order whose work is done again, as chosen."""
        typed = self.form.typed("rework")
        return int(typed) if typed.isdecimal() and len(typed) < 18 else 0

    @cached_property
    def hints(self) -> list[dict[str, str]]:
        """What the receptionist should know before he names a date."""
        told = [self._hint("rework", past, past.days_since) for past in self.redone if not self.rework]
        told += [
            self._hint("over", past, days)
            for past in self.of_device
            if past.warranty_until and 0 < (days := (past.today - past.warranty_until).days) <= LATELY
        ]
        if self.promised and self.promised[0].is_late:
            late = self.promised[0]
            values = {"number": late.order.number, "length": lasting(late.late_minutes)}
            told.append({
                "title": words.say("intake.hint_late", **values), "text": words.say("intake.hint_late_text", **values)
            })  # fmt: skip
        return told

    @staticmethod
    def _hint(name: str, past: Past, days: int) -> dict[str, str]:
        values = {"number": past.order.number, "work": past.work, "days": words.current().count("intake.days", days)}
        return {
            "title": words.say(f"intake.hint_{name}", **values), "text": words.say(f"intake.hint_{name}_text", **values)
        }  # fmt: skip

    @property
    def declined(self) -> list[Line]:
        """What was declined and not offered since: of the client, and of the device."""
        return [line for past in self.past if not past.is_open for line in past.declined]

    @property
    def offers(self) -> list[Line]:
        """Declined work that goes into this estimate."""
        chosen = self.form.numbers("offer")
        return [line for line in self.declined if line.pk in chosen]

    @property
    def n_hints(self) -> int:
        """How many."""
        return len(self.hints) + len(self.declined)

    # ── The device ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def is_of_another(self) -> bool:
        """Whether the device belongs to somebody else than who came."""
        asset = self.form.asset
        known = self.client.pk if self.client else None
        return bool(asset and asset.owner_id and self.form.is_chosen and asset.owner_id != known)

    @property
    def owner_choice(self) -> str:
        """Whether it changes hands: "change"."""
        return self.form.typed("owner")

    @cached_property
    def owner(self) -> Customer | None:
        """Whose it is, where he may be seen."""
        asset = self.form.asset
        return queries.customer(str(asset.owner_id), self.person) if asset else None

    @property
    def serial_label(self) -> str:
        """What the number of this kind of device is called."""
        category = self.form.kind
        return words.say(f"intake.serial.{category.identifier if category else 'serial'}")

    @property
    def serial_problem(self) -> str:
        """What is strange about the number; told, not forbidden."""
        category = self.form.kind
        if self.form.asset or not category:
            return ""
        key = identifiers.problem(category.identifier, self.form.typed("serial_number"))
        return words.say(key) if key else ""

    @cached_property
    def checks(self) -> list[Check]:
        """The checklist of the category, as ticked; the usual ticks where it was not shown yet."""
        category = self.form.kind
        if category is None:
            return []
        is_shown = self.form.typed("checked_for") == str(category.pk)
        ticked = self.form.numbers("check")
        return [
            Check(item.pk, item.text, item.pk in ticked if is_shown else item.is_usual)
            for item in checklist(category, AT_INTAKE)
        ]

    # ── Work, price, term ────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def templates(self) -> list[Template]:
        """Faults met every day."""
        return queries.templates_of(self.form.kind) if self.form.kind else []

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Lines as typed, and a blank one after them."""
        norms = self.norms
        return [{"row": row, "norm": norms.get(row.source, 0)} for row in [*self.form.rows, Row("", "")]]

    @cached_property
    def norms(self) -> dict[str, int]:
        """Minutes that lines of templates take, by the line's key."""
        return {str(line.pk): line.norm_minutes for fault in self.templates for line in fault.lines}

    @property
    def norm_minutes(self) -> int:
        """What the work of the estimate takes."""
        return sum(self.norms.get(row.source, 0) for row in self.form.rows) + sum(
            int(line.norm_minutes * line.quantity) for line in self.offers
        )

    @property
    def total(self) -> int:
        """What the estimate comes to."""
        return self.form.total + sum(line.amount for line in self.offers)

    @property
    def currency(self) -> str:
        """Of the centre."""
        return self.form.centre.currency

    @property
    def units(self) -> int:
        """Minor units in one of its major ones."""
        return minor_units(self.currency)

    @property
    def sign(self) -> str:
        """Of its currency."""
        return SIGNS.get(self.currency, self.currency)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of lines."""
        return LINE_KINDS

    @cached_property
    def usual(self) -> orders.Similar | None:
        """What repairs like this took and cost here."""
        if not self.form.kind:
            return None
        model = self.form.asset.model if self.form.asset else self.form.model_and_brand()["model"]
        return orders.similar_repairs(
            self.form.kind, fault=self.form.typed("fault_text"), model=model, centre=self.form.centre, now=self.now
        )

    @cached_property
    def usual_time(self) -> str:
        """In words: what a half and three quarters of them took."""
        if not self.usual:
            return ""
        low, high = (lasting(timedelta(hours=hours) / timedelta(minutes=1)) for hours in self.usual.hours[1:])
        return span(low, high)

    @property
    def usual_price(self) -> str:
        """In words: from a quarter to three quarters of them."""
        if not self.usual:
            return ""
        low, _, high = (words.current().money(price, self.currency) for price in self.usual.price)
        return span(low, high)

    @cached_property
    def terms(self) -> list[Term]:
        """Dates to choose from, one of them chosen."""
        found = self.options
        values = [option.at.isoformat() for option in found]
        sure = (place for place, option in enumerate(found) if (option.share or 0) >= SURE)
        chosen = self.form.typed("term")
        kept = chosen if chosen in {*values, OTHER} else values[next(sure, len(found) - 1)]
        return [
            Term(value, option.at, option.share, value == kept)
            for value, option in zip(values, found, strict=True)
        ]  # fmt: skip

    @cached_property
    def options(self) -> list[orders.Option]:
        """Dates that earlier repairs speak for."""
        return orders.promise_options(self.form.centre, self.form.kind, self.norm_minutes, now=self.now)

    @property
    def n_like(self) -> int:
        """How many repairs the dates are reckoned from; none while there are too few."""
        return self.options[0].n if self.options and self.options[0].share is not None else 0

    @property
    def is_other_term(self) -> bool:
        """Whether he names a date himself."""
        return self.form.typed("term") == OTHER

    @cached_property
    def agreements(self) -> list[Agreement]:
        """Each purpose by itself; nothing is ticked beforehand."""
        told = consents_now(self.client) if self.client else {}
        given = {purpose: consent for (purpose, _), consent in told.items() if consent.is_given}
        ticked = self.form.consents()
        return [Agreement(purpose, given.get(purpose), purpose in ticked) for purpose in PURPOSES]


def span(low: str, high: str) -> str:
    """From one figure to another, their unit said once: «29–43 ч»; equal ones are one figure."""
    figure, _, unit = low.rpartition(NBSP)
    if low == high:
        return low
    return f"{figure}–{high}" if figure and high.endswith(NBSP + unit) else f"{low}{NBSP}– {high}"
