"""What earlier orders teach: hours and prices of like repairs, dates that will be kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.assets.models import Category
from dovolen.desk.orders import queries
from dovolen.desk.orders.models import RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


def past(
    director: Staff, hours: list[float], *, category: Category, total: int = 500_000, fault: str = "Нет изображения",
    since: datetime = NOON - timedelta(days=60), **facts: Any,
) -> None:  # fmt: skip
    """Finished orders that took so many hours each."""
    model = RepairOrder.objects.order_by("-number").first() or make.order(by=director, at="picked_up")
    number = model.number
    fields = {field.attname: getattr(model, field.attname) for field in RepairOrder._meta.concrete_fields}
    for name in ("id", "asset_id"):
        fields.pop(name)
    told = fields | {
        "category_id": category.pk, "accepted_at": since, "fault_text": fault, "total": total, "outcome": "repaired",
        **facts,
    }  # fmt: skip
    RepairOrder.objects.bulk_create(
        RepairOrder(**told | {"number": number + place, "ready_at": since + timedelta(hours=length)})
        for place, length in enumerate(hours, 1)
    )


@pytest.fixture
def laptop() -> Category:
    return make.category()


def test_like_repairs_are_told_with_quantiles_of_hours_and_price(director: Staff, laptop: Category) -> None:
    past(director, [float(hour) for hour in range(1, 22)], category=laptop)

    found = queries.similar_repairs(laptop, centre=centre(director), now=NOON)

    assert found is not None
    assert (found.n, found.alike_by, found.hours) == (21, "category", (6.0, 11.0, 16.0))
    assert found.price == (500_000, 500_000, 500_000)


def test_under_twenty_nothing_is_said(director: Staff, laptop: Category) -> None:
    past(director, [1.0] * 19, category=laptop)

    assert queries.similar_repairs(laptop, centre=centre(director), now=NOON) is None


def test_the_narrowest_likeness_with_twenty_is_taken(director: Staff, laptop: Category) -> None:
    past(director, [5.0] * 20, category=laptop, fault="Не включается после залития")
    past(director, [50.0] * 20, category=laptop, fault="Шумит вентилятор")

    liquid = queries.similar_repairs(laptop, fault="включался вчера", centre=centre(director), now=NOON)
    unknown = queries.similar_repairs(laptop, fault="Скрипит петля", centre=centre(director), now=NOON)

    assert liquid is not None
    assert (liquid.n, liquid.alike_by, liquid.hours[1]) == (20, "fault", 5.0)
    assert unknown is not None
    assert (unknown.n, unknown.alike_by) == (40, "category")


def test_the_model_narrows_further(director: Staff, laptop: Category) -> None:
    asset = make.asset(owner=make.person(by=director), centre=centre(director), model="ROG G614")
    past(director, [5.0] * 20, category=laptop, asset_id=asset.pk)
    past(director, [50.0] * 20, category=laptop)

    found = queries.similar_repairs(laptop, model="rog g614", fault="изображение", centre=centre(director), now=NOON)

    assert found is not None
    assert (found.n, found.alike_by, found.hours[1]) == (20, "model", 5.0)


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": "declined"},
        {"since": NOON - timedelta(days=400)},
        {"ready": None},
    ],
    ids=["unrepaired", "older than a year", "never ready"],
)
def test_only_what_was_repaired_within_a_year_teaches(director: Staff, laptop: Category, facts: Any) -> None:
    facts = dict(facts)
    never_ready = facts.pop("ready", 1) is None
    past(director, [5.0] * 20, category=laptop, **facts)
    if never_ready:
        RepairOrder.objects.update(ready_at=None)

    assert queries.similar_repairs(laptop, centre=centre(director), now=NOON) is None


def test_reworks_other_centres_and_other_categories_teach_nothing(director: Staff, laptop: Category) -> None:
    first = make.order(by=director, at="picked_up")
    past(director, [5.0] * 10, category=laptop, rework_of_id=first.pk)
    past(director, [5.0] * 10, category=laptop, centre_id=Centre.objects.create(name="Юг").pk)
    past(director, [5.0] * 10, category=make.category("phone"))

    assert queries.similar_repairs(laptop, centre=centre(director), now=NOON) is None


# ── Dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def centre(director: Staff) -> Centre:
    place = director.centre
    assert place is not None
    return place


def test_dates_stand_in_working_hours_with_the_share_that_kept_them(director: Staff, laptop: Category) -> None:
    quick, slow = [2.0] * 15, [7 * 24 + 2.0] * 5
    past(director, quick + slow, category=laptop, since=NOON - timedelta(days=30))
    opening = Opening.of(centre(director))

    options = queries.promise_options(centre(director), laptop, now=NOON)

    assert [(option.share, option.n) for option in options] == [(0.75, 20), (1.0, 20)]
    assert options[0].at == NOON + timedelta(hours=2)
    assert all(option.at.minute == 0 and opening.is_open(option.at) for option in options)
    assert [option.at for option in options] == sorted(option.at for option in options)


def test_orders_with_about_as_much_work_are_looked_at_where_they_are_enough(director: Staff, laptop: Category) -> None:
    past(director, [2.0] * 20, category=laptop, norm_minutes=60)
    past(director, [5.0] * 30, category=laptop, norm_minutes=600)

    small = queries.promise_options(centre(director), laptop, 90, now=NOON)
    odd = queries.promise_options(centre(director), laptop, 6000, now=NOON)

    assert (small[0].n, small[0].at) == (20, NOON + timedelta(hours=2))
    assert odd[0].n == 50


def test_without_history_the_term_of_the_category_is_proposed_without_a_share(
    director: Staff, laptop: Category
) -> None:
    Category.objects.filter(pk=laptop.pk).update(turnaround_hours=24)
    laptop.refresh_from_db()

    (option,) = queries.promise_options(centre(director), laptop, now=NOON)
    (of_nothing,) = queries.promise_options(centre(director), None, now=NOON)

    assert (option.at, option.share, option.n) == (NOON + timedelta(hours=24), None, 0)
    assert (of_nothing.at, of_nothing.share) == (NOON + timedelta(hours=48), None)


def test_nothing_is_promised_for_the_night_or_a_day_off(director: Staff, laptop: Category) -> None:
    place = centre(director)
    place.hours = "пн–пт 10–20"
    place.save()
    evening = NOON + timedelta(hours=7, minutes=30)

    (option,) = queries.promise_options(place, laptop, now=evening)

    assert place.local(option.at).weekday() == 0
    assert Opening.of(place).is_open(option.at)
    assert option.at > evening


def test_promises_cost_one_query(director: Staff, laptop: Category, django_assert_num_queries: Any) -> None:
    past(director, [2.0] * 25, category=laptop)
    place = centre(director)

    with django_assert_num_queries(1):
        queries.promise_options(place, laptop, 30, now=NOON)
    with django_assert_num_queries(1):
        queries.similar_repairs(laptop, fault="изображение", centre=place, now=NOON)
