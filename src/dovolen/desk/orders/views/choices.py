"""The sentence by which a list or board is asked: its words to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import Category
from dovolen.desk.core import words
from dovolen.desk.orders import queries
from dovolen.desk.orders.models import CLOSED, Stage
from dovolen.desk.orders.queries.lists import ME, NOBODY, PROMISES, STATES, OrderFilter, technicians

Choice = tuple[str, str]


@dataclass(frozen=True)
class Select:
    """One word of the sentence and what else it may be."""

    name: str
    value: str
    choices: Sequence[Choice]

    @property
    def label(self) -> str:
        """What is chosen here, before it."""
        return words.say(f"lists.field.{self.name}")

    @property
    def chosen(self) -> str:
        """The word that stands there now."""
        return next((text for value, text in self.choices if value == self.value), self.choices[0][1])


def selects(asked: OrderFilter, staff: Staff, stages: Iterable[Stage], *, on_board: bool = False) -> list[Select]:
    """The sentence of a list; the board has a column for every stage and shows open orders only."""
    say, name = words.say, words.current().name
    made = []
    if not on_board:
        known = [(str(stage.pk), queries.stage_name(stage)) for stage in stages if stage.phase != CLOSED]
        made = [
            Select("state", asked.state, [(state, name("lists.state", state)) for state in STATES]),
            Select("stage", asked.stage, [("", say("lists.any.stage")), *known]),
        ]
    people = [(str(person.pk), person.name) for person in technicians(staff) if person.pk != staff.pk]
    own = [(ME, say("lists.me"))] if staff.may("repair") else []
    made.append(
        Select(
            "technician",
            asked.technician,
            [("", say("lists.any.technician")), *own, (NOBODY, say("lists.nobody")), *people],
        )
    )
    promises = [(code, name("lists.promise", code)) for code in PROMISES]
    made.append(Select("promise", asked.promise, [("", say("lists.any.promise")), *promises]))
    kinds = [(str(key), text) for key, text in Category.objects.filter(is_active=True).values_list("pk", "name")]
    centres = {place.centre_id: place.centre.name for place in staff.places if staff.may("see orders", place.centre_id)}
    many = (("category", kinds), ("centre", [(str(key), text) for key, text in centres.items()]))
    made += [
        Select(field, getattr(asked, field), [("", say(f"lists.any.{field}")), *choices])
        for field, choices in many
        if len(choices) > 1
    ]
    return made


def sentence(asked: OrderFilter, chosen: Iterable[Select]) -> str:
    """What is asked for in words: the name that a view gets unless it is given another."""
    state = [one.chosen for one in chosen if one.name == "state" and one.value != OrderFilter().state]
    others = [f"{one.label} {one.chosen}" for one in chosen if one.name != "state" and one.value]
    said = ", ".join([*state, *others, *([f"«{asked.q}»"] if asked.q else [])]) or words.say("lists.all_open")
    return said[:1].upper() + said[1:]
