"""Points of a pair: what speaks for one person, what against, and what forbids to join by machine.

The points are rounded logarithms of odds (Fellegi and Sunter 1969): a rare surname says more than a common one, a
telephone of three clients more than one of twenty. Only the thresholds are tuned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dovolen.insight.identity import compare
from dovolen.insight.identity.compare import Near
from dovolen.insight.identity.records import Flags, Floats, Ints, Many, Points, Records, Texts, coded, counts

SAME_CONTACT = (30, 20, 6)
"""A telephone or mailbox of up to 4 clients, of up to 10, of more."""
ASSET = (16, 10, 2)
"""A plate or serial number: things are sold, so it says less."""
LOCAL_PHONE = 22
NUMBER = {Near.SAME: 36, Near.CLOSE: 18, Near.DIFFERENT: -16}
BORN = {Near.SAME: 16, Near.CLOSE: 8, Near.DIFFERENT: -14}
GIVEN = {Near.SHORT: 5, Near.CLOSE: 4, Near.INITIAL: 3, Near.DIFFERENT: -18}
PATRONYMIC = {Near.SAME: 8, Near.SHORT: 4, Near.CLOSE: 4, Near.INITIAL: 3, Near.DIFFERENT: -18}
PLACE = {Near.SAME: 4, Near.CLOSE: 3, Near.DIFFERENT: -3}
POSTCODE = {Near.SAME: 4, Near.CLOSE: 2, Near.DIFFERENT: -2}
OTHER_SURNAME, OTHER_SEX, OTHER_KIND, OTHER_PHONE, OTHER_STREET, OTHER_HOUSE = -14, -10, -20, -2, -6, -8
OTHER_TITLE = -16
Compare = Callable[[Texts, Texts], Ints]

IDENTIFIERS = (
    "phone", "phone_local", "email", "plate", "serial", "number_same", "number_close", "born_same", "born_close",
)  # fmt: skip
"""Facts of one client, of which a join by machine needs at least one."""


@dataclass
class Scored:
    """Pairs with the points of each fact. `contradicts`: two people for sure as far as the base can tell; `unnamed`:
    nothing says which member of a household, which firm of a house it is. Neither is joined by machine."""

    left: Ints
    right: Ints
    facts: dict[str, tuple[str, Points]] = field(default_factory=dict)
    contradicts: Flags = field(default_factory=lambda: np.empty(0, bool))
    unnamed: Flags = field(default_factory=lambda: np.empty(0, bool))

    def add(self, fact: str, shown: str, points: Ints | Floats) -> None:
        """Points of one fact for every pair (0 where it does not speak); `shown` names the column it came from."""
        self.facts[fact] = shown, np.rint(points).astype(np.int16)

    def speaks(self, *facts: str) -> Flags:
        """Pairs that any of these facts gives points to."""
        told = np.zeros(len(self.left), bool)
        for fact in facts:
            told |= self.facts[fact][1] > 0
        return told

    @property
    def score(self) -> Ints:
        """The sum of points of each pair."""
        total = np.zeros(len(self.left), np.int64)
        for _, points in self.facts.values():
            total += points
        return total

    def only(self, places: Ints) -> Scored:
        """The pairs at these places."""
        facts = {fact: (shown, points[places]) for fact, (shown, points) in self.facts.items()}
        return Scored(self.left[places], self.right[places], facts, self.contradicts[places], self.unnamed[places])


def joined(parts: list[Scored]) -> Scored:
    """Pairs of several parts as one; needs a part at least."""
    first = parts[0]
    facts = {
        fact: (shown, np.concatenate([part.facts[fact][1] for part in parts]))
        for fact, (shown, _) in first.facts.items()
    }
    left, right, contradicts, unnamed = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("left", "right", "contradicts", "unnamed")
    )
    return Scored(left, right, facts, contradicts, unnamed)


def score(records: Records, left: Ints, right: Ints) -> Scored:
    """Points, contradictions and doubts of the given pairs."""
    pairs = Scored(left, right)
    number = _told(pairs, records.number, "number", compare.texts, NUMBER)
    born = _told(pairs, records.born, "born", compare.days, BORN)
    _contacts(records, pairs)
    elsewhere = _address(records, pairs)
    persons = ~(records.firm[left] | records.firm[right])
    firms = records.firm[left] & records.firm[right]
    pairs.add("other_kind", "kind", np.where(persons | firms, 0, OTHER_KIND))
    apart, named = _people(records, pairs, persons)
    titles_apart = _titles(records, pairs, firms)
    same = (number == Near.SAME) | ((number == Near.CLOSE) & (born == Near.SAME))
    apart |= (born == Near.DIFFERENT) | ((number == Near.DIFFERENT) & ~((born == Near.SAME) & named))
    # Two sites of one firm share its name and telephone, and are two clients until a person says otherwise.
    pairs.contradicts = ((apart | titles_apart) & ~same) | (firms & elsewhere) | ~(persons | firms)
    pairs.unnamed = ~same & ~np.where(firms, pairs.speaks("title"), named)
    # A person and the same person as a sole trader are one human being and two accounts.
    pairs.unnamed |= records.trades[left] != records.trades[right]
    # Name and street alone are what father and son share, and two firms of a business centre.
    pairs.unnamed |= ~(pairs.speaks(*IDENTIFIERS) | (firms & pairs.speaks("address") & pairs.speaks("postcode_same")))
    return pairs


def _told(pairs: Scored, values: Texts, fact: str, how: Compare, points: dict[Near, int]) -> Ints:
    """Compare one text of both clients and add its points, each way of being alike as a fact of its own."""
    near = how(values[pairs.left], values[pairs.right])
    for case, worth in points.items():
        pairs.add(f"{fact}_{case.name.lower()}", fact, np.where(near == case, worth, 0))
    return near


def _contacts(records: Records, pairs: Scored) -> None:
    """Shared telephones, mailboxes, plates, serial numbers; a full number and a local one meet in seven digits."""
    left, right = pairs.left, pairs.right
    whole = records.phones.shared(left, right)
    pairs.add("phone", "phones", _by_holders(records.phones, whole, SAME_CONTACT))
    local = np.where(whole < 0, records.tails.shared(left, right), -1)
    short = _has_local(records.phones)
    pairs.add("phone_local", "phones", np.where((local >= 0) & (short[left] | short[right]), LOCAL_PHONE, 0))
    both = records.phones.present()[left] & records.phones.present()[right]
    pairs.add("phone_other", "phones", np.where(both & (whole < 0) & (local < 0), OTHER_PHONE, 0))
    for fact, many, worth in (
        ("email", records.emails, SAME_CONTACT),
        ("plate", records.plates, ASSET),
        ("serial", records.serials, ASSET),
    ):
        pairs.add(fact, fact, _by_holders(many, many.shared(left, right), worth))


def _by_holders(many: Many, shared: Ints, worth: tuple[int, int, int]) -> Ints:
    """Points of a shared value by how many clients hold it."""
    held = many.held[np.maximum(shared, 0)] if len(many.held) else np.zeros(len(shared), np.int64)
    return np.where(shared < 0, 0, np.where(held <= 4, worth[0], np.where(held <= 10, worth[1], worth[2])))


def _has_local(phones: Many) -> Flags:
    local = np.array([len(number) <= 7 for number in phones.values] + [False], bool)
    return np.asarray(local[phones.codes].any(axis=1), bool)


def _address(records: Records, pairs: Scored) -> Flags:
    """Street and house together; another house on the same street speaks against. Whether the places differ."""
    left, right = pairs.left, pairs.right
    like = compare.likeness(records.street[left], records.street[right])
    told = records.street.filled()[left] & records.street.filled()[right]
    house = compare.texts(records.house[left], records.house[right])
    same, other = house == Near.SAME, (house == Near.DIFFERENT) | (house == Near.CLOSE)
    place = records.street.codes * len(records.house.values) + records.house.codes
    bits = np.clip(1.2 * _bits(place, pairs), 8, 16)
    pairs.add("address", "address", np.where((like >= 0.86) & same, bits, 0))
    pairs.add("street", "address", np.where((like >= 0.86) & ~same & ~other, 6, np.where((like >= 0.86) & other, 3, 0)))
    pairs.add("address_partly", "address", np.where((like >= 0.66) & (like < 0.86) & same, 6, 0))
    pairs.add("street_other", "address", np.where(told & (like < 0.66), OTHER_STREET, 0))
    both_firms = records.firm[left] & records.firm[right]
    pairs.add("house_other", "address", np.where(both_firms & told & other, OTHER_HOUSE, 0))
    _told(pairs, records.place, "place", compare.texts, PLACE)
    postcode = _told(pairs, records.postcode, "postcode", compare.texts, POSTCODE)
    return np.asarray((told & ((like < 0.66) | other)) | (postcode == Near.DIFFERENT), bool)


def _bits(codes: Ints, pairs: Scored) -> Floats:
    """Rarity in bits of what both share, by the commoner of the two in the base; a small base is given 1,000 more."""
    held = counts(codes)
    most = np.maximum(held[pairs.left], held[pairs.right])
    return np.asarray(np.log2((len(codes) + 1000) / (most + 1)), np.float64)


def _people(records: Records, pairs: Scored, persons: Flags) -> tuple[Flags, Flags]:
    """Names of persons: whether they contradict, and whether they name one member of a household."""
    left, right = pairs.left, pairs.right
    surname = _only(persons, compare.texts(records.surname[left], records.surname[right]))
    given = _only(persons, compare.given_names(records.given[left], records.given[right]))
    crossed = _crossed(records, pairs, persons & (surname != Near.SAME) & (given != Near.SAME))
    surname, given = np.where(crossed, Near.SAME, surname), np.where(crossed, Near.SAME, given)
    patronymic = _only(persons, compare.patronymics(records.patronymic[left], records.patronymic[right]))
    rare = np.clip(1.2 * _bits(records.surname.codes, pairs), 6, 16)
    pairs.add("surname_same", "surname", np.where(surname == Near.SAME, rare, 0))
    pairs.add("surname_close", "surname", np.where(surname == Near.CLOSE, 0.6 * rare, 0))
    pairs.add("surname_different", "surname", np.where(surname == Near.DIFFERENT, OTHER_SURNAME, 0))
    known = np.clip(0.8 * _bits(records.given.codes, pairs), 5, 9)
    pairs.add("given_same", "given", np.where(given == Near.SAME, known, 0))
    for near, values, points, fact in (
        (given, "given", GIVEN, "given"),
        (patronymic, "patronymic", PATRONYMIC, "patronymic"),
    ):
        for case, worth in points.items():
            pairs.add(f"{fact}_{case.name.lower()}", values, np.where(near == case, worth, 0))
    pairs.add("crossed", "name", np.where(crossed, -2, 0))
    mine, other = records.sex.codes[left], records.sex.codes[right]
    sex = persons & (mine > 0) & (other > 0) & (mine != other)
    pairs.add("sex", "name", np.where(sex & ~crossed, OTHER_SEX, 0))
    apart = (given == Near.DIFFERENT) | (patronymic == Near.DIFFERENT) | (sex & ~crossed)
    whole = (given == Near.SAME) | (given == Near.SHORT) | (given == Near.CLOSE)
    both = (given == Near.INITIAL) & (patronymic >= Near.CLOSE)
    return apart, whole | both


def _only(where: Flags, near: Ints) -> Ints:
    return np.where(where, near, Near.ABSENT)


def _crossed(records: Records, pairs: Scored, asked: Flags) -> Flags:
    """Of the pairs asked about those with surname and given name in each other's place."""
    left, right = pairs.left[asked], pairs.right[asked]
    one = compare.texts(records.surname[left], records.given[right])
    other = compare.texts(records.given[left], records.surname[right])
    crossed = np.zeros(len(asked), bool)
    crossed[asked] = (one >= Near.CLOSE) & (other >= Near.CLOSE)
    return crossed


def _titles(records: Records, pairs: Scored, firms: Flags) -> Flags:
    """Names of firms by the rarity of the words they share; whether two plainly different firms they are."""
    places = np.flatnonzero(firms)
    used = Counter(word for name in records.names if name.firm for word in set(name.words))
    heavy = {word: float(np.log2((len(records) + 1000) / (count + 1))) for word, count in used.items()}
    worth, apart = np.zeros(len(firms)), np.zeros(len(firms), bool)
    known = {"": 0}
    codes = coded((" ".join(name.words) for name in records.names), known)
    titles = Texts(codes, list(known))
    like = compare.likeness(titles[pairs.left[places]], titles[pairs.right[places]])
    for place, alike in zip(places.tolist(), like.tolist(), strict=True):
        mine, other = (frozenset(records.names[side[place]].words) for side in (pairs.left, pairs.right))
        worth[place], apart[place] = _title(mine, other, heavy, alike)
    pairs.add("title", "name", np.where(worth > 0, worth, 0))
    pairs.add("title_different", "name", np.where(worth < 0, worth, 0))
    return apart


def _title(mine: frozenset[str], other: frozenset[str], heavy: dict[str, float], alike: float) -> tuple[float, bool]:
    """Points of two firms' names, and whether they are two firms."""
    if not mine or not other:
        return 0.0, False
    shared = sum(sorted(heavy[word] for word in mine & other))
    least, most = sorted(sum(sorted(heavy[word] for word in side)) for side in (mine, other))
    inside, overlap = shared / least, shared / (most + least - shared)
    numbers = [{word for word in side if any(map(str.isdigit, word))} for side in (mine, other)]
    if all(numbers) and not numbers[0] & numbers[1]:
        return OTHER_TITLE, True
    if inside < 0.4 and alike < 0.75:
        return OTHER_TITLE, True
    if inside < 0.6:
        return (6.0 if alike >= 0.85 else 0.0), False
    return min(24.0, shared * inside * (0.6 + 0.6 * overlap)), False
