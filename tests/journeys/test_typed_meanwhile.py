"""On a slow line: whatever is typed, ticked, chosen or dropped while the intake is being drawn anew stays, and the cursor with it.

The answers of the server are held back until the person has done what he does meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.orders.models import Line
from dovolen.desk.people.models import Consent
from tests.journeys.browser import Browser
from tests.journeys.hands import PHONE, Hands, at_desk
from tests.journeys.visitor import Visitor

SLOW = """(field => { const fetched = window.fetch; window.held = [];
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    if (asked[1]?.body?.has?.(field)) await new Promise(pass => window.held.push(pass));
    return answer;
  };
  window.quicken = () => { window.fetch = fetched; window.held.forEach(pass => pass()); }; })"""
"""The server hears everything at once; what it answers to a form with this field the page hears when it is let."""


@pytest.fixture(scope="module")
def hands(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Hands]:
    """A receptionist. What a browser keeps is the same over every base, so there is one."""
    with at_desk(window, tmp_path_factory.mktemp("meanwhile") / "home", "", django_db_blocker) as one:
        yield one


@dataclass
class SlowLine:
    """Answers come when they are let through."""

    visitor: Visitor

    def holds(self, n: int) -> None:
        """Wait until so many answers are held back."""
        self.visitor.waits(f"window.held.length === {n}")

    def passes(self) -> None:
        """Let the earliest one through."""
        self.visitor.window.look("window.held.shift()()")


@contextmanager
def slow(hands: Hands, field: str) -> Iterator[SlowLine]:
    """Answers to forms with such a field are held back; what is held at the end goes through."""
    hands.visitor.window.look(f"{SLOW}({field!r})")
    yield SlowLine(hands.visitor)
    hands.visitor.window.look("window.quicken()")


def value(hands: Hands, selector: str) -> Any:
    """What stands in a field."""
    return hands.visitor.window.look(f"document.querySelector({selector!r}).value")


def ticks(hands: Hands, *selectors: str) -> None:
    for selector in selectors:
        hands.visitor.window.look(f"document.querySelector({selector!r}).focus()")
        hands.presses(" ")


def opened_anew(hands: Hands) -> None:
    """The intake without a draft of the test before."""
    hands.opens()
    hands.visitor.window.look("localStorage.clear()")
    hands.opens()


def test_the_category_is_chosen_and_everything_goes_on_before_the_answer(hands: Hands) -> None:
    opened_anew(hands)
    hands.writes("8 997 201 88 66")
    hands.sees("document.querySelector('#found-new')?.getAttribute('aria-selected') === 'true'")
    hands.presses("Enter")
    hands.stands_at("#id_name")

    with slow(hands, "category") as line:
        hands.visitor.window.look("document.querySelector('#category').focus()")
        hands.presses("ArrowDown")
        line.holds(1)
        hands.visitor.types("#id_model", "Asus VivoBook 15")
        hands.visitor.types("#id_condition", "Царапины")
        ticks(hands, "[name=consent_processing]", "[name=consent_service]", "[name=term][value=other]")
        hands.visitor.types("#id_name", "Орлова Мария")
        line.holds(2)
        hands.visitor.window.look(
            "(() => { const model = document.querySelector('#id_model'); model.focus(); model.setSelectionRange(2, 4, 'backward'); })()"
        )
        line.passes()
        hands.sees("document.querySelector('#id_password') !== null")
        chosen = value(hands, "#category")
        line.passes()

    assert chosen
    for name in ("[name=consent_processing]", "[name=consent_service]", "[name=term][value=other]"):
        assert hands.visitor.window.look(f"document.querySelector({name!r}).checked"), name
    assert not hands.visitor.window.look("document.querySelector('[name=consent_advertising]').checked")
    found = [value(hands, name) for name in ("#category", "#id_name", "#id_model", "#id_condition")]
    assert found == [chosen, "Орлова Мария", "Asus VivoBook 15", "Царапины"]
    hands.stands_at("#id_model")
    place = hands.visitor.window.look(
        "(({selectionStart, selectionEnd}) => [selectionStart, selectionEnd])(document.activeElement)"
    )
    assert place == [2, 4]
    hands.visitor.types("#id_fault_text", "Не включается")
    ticks(hands, "[name=term]")
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("new client on a slow line")
    assert (order.customer.name, str(order.asset), order.condition) == ("Орлова Мария", "Asus VivoBook 15", "Царапины")
    given = Consent.objects.filter(customer=order.customer).values_list("purpose", flat=True)
    assert set(given) == {"processing", "service"}


def test_a_template_comes_behind_what_was_told_meanwhile_and_rows_keep_their_own(hands: Hands) -> None:
    opened_anew(hands)
    hands.writes(PHONE)
    hands.presses("Enter")
    hands.stands_at("#id_fault_text")
    hands.writes("Шумит")
    hands.presses("F2", "ArrowDown", "Enter")
    hands.sees("document.querySelector('[name=line_name]').value.includes('Греется')")

    with slow(hands, "fault") as line:
        hands.presses("F2", "Enter")
        line.holds(1)
        hands.stands_at("#id_fault_text")
        hands.writes(" и воет")
        hands.visitor.window.look("document.querySelector('[data-drops]').click()")
        hands.visitor.types("[data-blank] [name=line_name]", "Своя работа")
        hands.visitor.types("tr:nth-last-child(2) [name=line_price]", "700")
        line.passes()
        hands.sees("document.querySelector('[name=line_name]').value.includes('Не включается')")

    hands.stands_at("[name=line_price]")
    hands.writes("0")
    names, prices, labels = (
        hands.visitor.window.look(f"[...document.querySelectorAll('[name={name}]')].map(one => {what})")
        for name, what in (("line_name", "one.value"), ("line_price", "one.value"), ("line_name", "one.ariaLabel"))
    )
    assert names == ["Работа: Не включается", "Своя работа", ""]
    assert prices == ["900", "7000", ""]
    assert len(set(labels)) == 3
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("template and own row on a slow line")
    assert order.fault_text == "Шумит\nГреется. и воет\nНе включается."
    told = set(Line.objects.filter(order=order).values_list("name", "price"))
    assert told == {("Работа: Не включается", 90_000), ("Своя работа", 700_000)}


def test_what_is_done_while_it_is_sent_stays_where_it_is_refused(hands: Hands) -> None:
    opened_anew(hands)
    hands.writes(PHONE)
    hands.presses("Enter")
    hands.stands_at("#id_fault_text")

    with slow(hands, "once") as line:
        hands.presses("Enter", ctrl=True)
        line.holds(1)
        ticks(hands, "[name=consent_service]")
        hands.visitor.types("#id_condition", "Без крышки")
        line.passes()
        hands.sees("document.querySelector('#problems') !== null")

    hands.stands_at("#id_condition")
    assert value(hands, "#id_condition") == "Без крышки"
    assert hands.visitor.window.look("document.querySelector('[name=consent_service]').checked")
    hands.visitor.types("#id_fault_text", "Теперь со слов")
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("refused on a slow line")
    assert order.condition == "Без крышки"
    assert Consent.objects.filter(customer=order.customer, purpose="service").exists()
