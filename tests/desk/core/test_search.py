"""What is found by which words: names, phones, numbers, plates, in any case, spelling and keyboard layout."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import search
from dovolen.desk.core.models import Findable

NAMES = {
    "anna": ["Ковалёва Анна Сергеевна", "+79124480731", "anna.k@mail.ru"],
    "peter": ["Петров-Водкин Пётр", "+79997001122"],
    "firm": ["ООО «Ромашка плюс»", "+73433001020", "6671234567"],
    "car": ["Škoda Octavia", "XW8AN4NE0JH012345", "А123ВС77"],
    "phone": ["Apple iPhone 13", "356938035643809"],
}


@pytest.fixture
def there(db: None) -> dict[str, Any]:
    """Things of any table, found by words."""
    made = {name: Centre.objects.create(name=name) for name in NAMES}
    for name, texts in NAMES.items():
        search.put(made[name], "customer", texts)
    return made


def found(text: str, n: int = 50) -> list[str]:
    keys = search.find(text, "customer", Centre.objects.all(), n=n)
    names = dict(Centre.objects.values_list("pk", "name"))
    return [names[key] for key in keys]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ковалёва", "anna"), ("ковалева", "anna"), ("КОВАЛ", "anna"), ("анна ковал", "anna"), ("овалев", "anna"),
        ("ко", "anna"), ("rjdfktdf", "anna"), ("anna.k@mail", "anna"), ("фттфюл", "anna"), ("водкин", "peter"),
        ("петр", "peter"), ("ромашка", "firm"), ("«Ромашка»", "firm"), ("6671234567", "firm"), ("skoda", "car"),
        ("ЫЛЩВФ", "car"), ("xw8an4ne0jh012345", "car"), ("012345", "car"),
        ("+7 (912) 448-07-31", "anna"), ("8 912 448 07 31", "anna"), ("89124480731", "anna"), ("9124480731", "anna"),
        ("8912", "anna"), ("0731", "anna"), ("448-07", "anna"), ("448 07 31", "anna"), ("ковалева 0731", "anna"),
        ("а123вс77", "car"), ("A123BC77", "car"), ("а 123 вс", "car"), ("123вс77", "car"), ("f123dc", "car"),
        ("356938035643809", "phone"), ("3809", "phone"), ("айфон", None), ("iphone", "phone"), ("шзрщту", "phone"),
        ("к", None), ("", None), ("   ", None), ('"', None), ("%%%", None), ("' OR 1=1 --", None), ("\0", None),
        ("ковалева петр", None), ("анна*", "anna"), ("анна OR петр", None), ("NEAR(анна)", None),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_it_is_found_as_people_type(there: dict[str, Any], typed: str, name: str | None) -> None:
    assert found(typed) == ([name] if name else [])


@pytest.mark.django_db
def test_whole_words_come_before_beginnings_and_the_inside_of_words_where_nothing_begins_so(db: None) -> None:
    made = {name: Centre.objects.create(name=name) for name in ("whole", "middle", "beginning", "later whole")}
    for name, word in (("whole", "24817"), ("middle", "1248179"), ("beginning", "248179"), ("later whole", "24817")):
        search.put(made[name], "customer", [word])

    assert found("24817") == ["later whole", "whole", "beginning"]
    assert sorted(found("4817")) == ["beginning", "later whole", "middle", "whole"]
    assert found("24817", n=2) == ["later whole", "whole"]


@pytest.mark.django_db
def test_a_lone_digit_is_a_number_by_itself(db: None) -> None:
    for word in ("7", "70", "17"):
        search.put(Centre.objects.create(name=word), "customer", [word])

    assert found("7") == ["7"]


@pytest.mark.django_db
def test_what_is_put_anew_is_found_by_the_new_words_alone_and_dropped_not_at_all(there: dict[str, Any]) -> None:
    search.put(there["anna"], "customer", ["Орлова Анна"])

    assert found("ковалева") == []
    assert found("орлова") == ["anna"]

    search.drop(there["anna"], "customer")

    assert found("орлова") == []
    assert not Findable.objects.filter(subject_id=there["anna"].pk).exists()


@pytest.mark.django_db
def test_only_what_is_allowed_is_found_and_by_one_query_or_two(
    there: dict[str, Any], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert search.find("анна", "customer", Centre.objects.exclude(name="anna")) == []
    with django_assert_num_queries(1):
        assert search.find("анна", "customer", Centre.objects.all()) == [there["anna"].pk]
    with django_assert_num_queries(0):
        assert search.find("анна", "customer", Centre.objects.filter(pk__in=[])) == []


@pytest.mark.django_db
def test_kinds_do_not_meet(there: dict[str, Any]) -> None:
    assert search.find("анна", "order", Centre.objects.all()) == []
    with pytest.raises(ValueError, match="no index of staff"):
        search.put(there["anna"], "staff", ["Анна"])


@pytest.mark.django_db
def test_rows_written_in_bulk_are_found(there: dict[str, Any]) -> None:
    Findable.objects.bulk_create([search.row("order", 7, ["№ 24817"])])

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM core_findable WHERE kind = 'order'")
        assert cursor.fetchall() == [(" 24817 ",)]
    assert search.find("24817", "order", Centre.objects.all()) == []


def test_a_fold_is_the_same_when_folded_again() -> None:
    for text in [text for texts in NAMES.values() for text in texts]:
        assert search.folded(search.folded(text)) == search.folded(text)
