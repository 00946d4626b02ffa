"""Forms of the import: what is brought, how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from dovolen.desk.accounts.forms import ZONES
from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import words
from dovolen.desk.ingest import columns
from dovolen.desk.ingest.actions.asking import DATE_ORDERS, DECIMALS, NEW
from dovolen.desk.ingest.columns import Sheet
from dovolen.desk.ingest.models import Import
from dovolen.desk.shell.forms import WordedForm
from dovolen.insight.mapping import CLOSED
from dovolen.insight.mapping import Mapping as FileMapping
from dovolen.insight.words import SIGNS

KINDS = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods,.json,.parquet,.sqlite,.sqlite3,.db,.duckdb,.zip"
MOST_FILES = 20
MOST_SHEETS, MOST_HEADERS, MOST_WORDS = 60, 120, 200
"""What of a file is shown: columns behind these are told by the mapping as a text."""
SECOND = (*columns.KEYS, "customers.name", "customers.phones", "assets.serial_number")
"""What a header may mean besides: a phone that also tells clients apart."""
LONGEST_TEXT = 200_000


class Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that belong together: orders first, their clients and lines beside them."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file of them."""
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(words.say("import.field.too_many", n=MOST_FILES), code="invalid")
        return [super(FilesField, self).clean(one, initial) for one in given]


class OfCentre(WordedForm):
    """What names a centre; where there is one only, it is not asked for."""

    words = "import.field"

    centre = forms.ModelChoiceField(queryset=Centre.objects.none(), empty_label=None)

    def __init__(self, *args: Any, centres: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        asked: Any = self.fields["centre"]
        asked.queryset = centres.order_by("name", "pk")
        held = list(asked.queryset[:2])
        if len(held) == 1:
            asked.required, asked.widget = False, forms.HiddenInput()
            self.only = held[0]

    only: Centre | None = None

    @property
    def chosen_centre(self) -> Centre:
        """The one that was chosen, or the only one."""
        found = self.cleaned_data["centre"] or self.only
        assert isinstance(found, Centre)
        return found


class UploadForm(OfCentre):
    """Files."""

    file = FilesField(widget=Files(attrs={"accept": KINDS, "multiple": True}))
    field_order = ["file", "centre"]


class ConnectForm(OfCentre):
    """A base by its address."""

    address = forms.CharField(max_length=500, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ["address", "centre"]


class TextForm(WordedForm):
    """The mapping as a text."""

    words = "import.field"

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(max_length=LONGEST_TEXT, strip=False, widget=forms.Textarea(
        attrs={"rows": 24, "spellcheck": "false", "class": "mono"}))  # fmt: skip


@dataclass(frozen=True)
class Header:
    """A column of the file: what stands in it, what it means."""

    name: str
    examples: list[str]
    meaning: BoundField
    besides: BoundField
    is_taken: bool


@dataclass(frozen=True)
class ShownSheet:
    """A table of the file."""

    name: str
    n_rows: int
    headers: list[Header]
    n_more: int


class MappingForm(WordedForm):
    """Header by header: what it means; how numbers, days and words are read; which centre a word is."""

    words = "import.field"
    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    grouping = forms.ChoiceField(required=False)
    currency = forms.ChoiceField()
    zone = forms.ChoiceField()
    date_order = forms.ChoiceField(required=False)
    decimal = forms.ChoiceField(required=False)

    def __init__(
        self, *args: Any, source: Import, mapping: FileMapping, sheets: Sequence[Sheet], centres: Sequence[Centre],
        may_add: bool, **values: Any,
    ) -> None:  # fmt: skip
        self.mapping, self.sheets, self.centres, self.may_add = mapping, list(sheets), centres, may_add
        self.meant = columns.chosen(mapping, self.sheets) if self.sheets else {}
        self.closed = columns.words_of(mapping, self.sheets)[:MOST_WORDS] if self.sheets else []
        self.places = dict(source.choices.get("centres", {}))
        told = {name: source.choices.get(name) or "" for name in ("currency", "zone", "date_order", "decimal")}
        first = {"version": source.version, "grouping": columns.grouping_of(mapping), **told}
        super().__init__(*args, initial=first, **values)
        self._offer_readings(told)
        self._add_meanings()
        self._add_words()
        self._add_centres()

    # ── Fields ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _offer_readings(self, told: dict[str, str]) -> None:
        speaker = words.current()
        self.offer("grouping", [(one, speaker.name("import.grouping", one or "orders")) for one in columns.GROUPINGS])
        codes = dict.fromkeys([told["currency"] or "RUB", *SIGNS, "COP"])
        self.offer("currency", [(code, f"{code} {SIGNS.get(code, '')}".strip()) for code in codes])
        self.offer("zone", [(zone, zone) for zone in dict.fromkeys([told["zone"] or "Europe/Moscow", *ZONES])])
        self.offer("date_order", [(one, speaker.name("import.date_order", one or "seen")) for one in DATE_ORDERS])
        marks = {"": "seen", ",": "comma", ".": "point"}
        self.offer("decimal", [(one, speaker.name("import.decimal", marks[one])) for one in DECIMALS])

    def _add_meanings(self) -> None:
        everything, besides = _offered(), [("", words.say("import.besides.none")), *_named(SECOND)]
        for place, at in self._shown():
            first, *more = [*self.meant.get((place, at), []), ""]
            header = self.sheets[place].headers[at]
            self._add(f"m{place}_{at}", everything, first, words.say("import.meaning_of", header=header))
            second = next((one for one in more if one), "")
            choices = besides if not second or second in SECOND else [*besides, *_named([second])]
            self._add(f"n{place}_{at}", choices, second, words.say("import.besides_of", header=header))

    def _shown(self) -> Iterator[tuple[int, int]]:
        """Columns that are taken, and as many others as a page bears."""
        for place, sheet in enumerate(self.sheets[:MOST_SHEETS]):
            n = 0
            for at, header in enumerate(sheet.headers):
                if (place, at) in self.meant or (header and n < MOST_HEADERS):
                    n += 1
                    yield place, at

    def _add_words(self) -> None:
        for n, word in enumerate(self.closed):
            ours = [("", words.say("import.word.none"))]
            ours += [(one, words.current().name(f"import.word.{word.name}", one)) for one in CLOSED[word.name]]
            self._add(f"w{n}", ours, word.ours, words.say("import.word_of", word=word.foreign))

    def _add_centres(self) -> None:
        new = [(NEW, words.say("import.centre.new"))] if self.may_add else []
        choices = [*new, *((str(centre.pk), centre.name) for centre in self.centres)]
        for n, (word, centre) in enumerate(self.places.items()):
            self._add(f"c{n}", choices, str(centre), words.say("import.centre_of", word=word))

    def _add(self, name: str, choices: Sequence[Any], initial: str, label: str) -> None:
        field = forms.ChoiceField(required=False, choices=choices, label=label)
        field.widget.attrs.update({"class": "form-select", "aria-label": label})
        self.fields[name] = field
        self.initial[name] = initial

    # ── To the page ──────────────────────────────────────────────────────────────────────────────────────────────────

    def shown_sheets(self) -> list[ShownSheet]:
        """Tables of the file with a select at every header."""
        found: dict[int, list[Header]] = {place: [] for place in range(len(self.sheets[:MOST_SHEETS]))}
        for place, at in self._shown():
            sheet, meaning = self.sheets[place], self[f"m{place}_{at}"]
            found[place].append(
                Header(sheet.headers[at], sheet.examples(at), meaning, self[f"n{place}_{at}"], bool(meaning.value()))
            )
        return [
            ShownSheet(self.sheets[place].name, self.sheets[place].n_rows, headers,
                       sum(1 for header in self.sheets[place].headers if header) - len(headers))
            for place, headers in found.items()
        ]  # fmt: skip

    def shown_words(self) -> list[tuple[str, list[tuple[str, BoundField]]]]:
        """Words of the file by the column they stand in."""
        found: dict[str, list[tuple[str, BoundField]]] = {}
        for n, word in enumerate(self.closed):
            found.setdefault(word.name, []).append((word.foreign, self[f"w{n}"]))
        return [(words.say(f"import.column.{name}"), several) for name, several in found.items()]

    def shown_centres(self) -> list[tuple[str, BoundField]]:
        """Words of the file for places."""
        return [(word, self[f"c{n}"]) for n, word in enumerate(self.places)]

    # ── From the page ────────────────────────────────────────────────────────────────────────────────────────────────

    def changed_mapping(self) -> FileMapping:
        """The mapping as it was chosen. Raises: NotSo."""
        told = self.cleaned_data
        picked = {
            (place, at): [one for one in dict.fromkeys((told[f"m{place}_{at}"], told[f"n{place}_{at}"],
                                                        *self.meant.get((place, at), [])[2:])) if one]
            for place, at in self._shown()
        }  # fmt: skip
        made = columns.changed(self.mapping, self.sheets, picked, told["grouping"])
        asked = [replace(word, ours=told[f"w{n}"]) for n, word in enumerate(self.closed)]
        made = columns.with_words(made, asked)
        readings = {name: told[name] for name in ("currency", "zone", "date_order", "decimal")}
        return replace(made, **readings)

    def choices(self) -> dict[str, Any]:
        """Everything that is chosen besides the columns."""
        told = self.cleaned_data
        kept: dict[str, Any] = {name: told[name] for name in ("currency", "zone", "date_order", "decimal")}
        kept["centres"] = {
            word: centre if centre == NEW else int(centre)
            for n, word in enumerate(self.places)
            if (centre := told[f"c{n}"])
        }
        return kept


def _offered() -> list[tuple[str, Any]]:
    """Everything a header may mean, in groups."""
    speaker = words.current()
    groups = [(speaker.name("import.table", table), _named(several)) for table, several in columns.meanings().items()]
    return [("", words.say("import.meaning.none")), *groups]


def _named(several: Sequence[str]) -> list[tuple[str, str]]:
    return [(meaning, words.current().name("import.column", meaning)) for meaning in several]
