"""What the buttons of an intake do before it is sent: each is written into what was typed, nothing is kept."""

from __future__ import annotations

from functools import partial

from django.http import QueryDict

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import Asset
from dovolen.desk.assets.queries import by_plate, by_serial
from dovolen.desk.orders.forms.intake import NEW, ROW, IntakeForm
from dovolen.desk.orders.queries.intake import TemplateLine
from dovolen.desk.orders.views.intake_sheet import Sheet
from dovolen.desk.people import phones
from dovolen.insight.currencies import minor_units


def apply(source: QueryDict, form: IntakeForm) -> None:
    """What was pressed, written into what was typed."""
    if "pick" in source:
        _pick(source, pressed(source, "pick"))
    elif "look" in source and not form.is_chosen and (sure := Sheet(form).certain):
        _pick(source, sure.pick)
    if "fault" in source:
        _put_fault(source, form, pressed(source, "fault"))
    if "offer_add" in source:
        source.appendlist("offer", pressed(source, "offer_add"))
    if "offer_drop" in source:
        source.setlist("offer", [key for key in source.getlist("offer") if key != pressed(source, "offer_drop")])
    _recognise(source, form)


def begin(source: QueryDict, person: Staff) -> None:
    """Another page named a device alone: its owner brought it, as far as is known."""
    named = pressed(source, "asset")
    if "customer" in source or not named.isdecimal() or len(named) >= 18:
        return
    owner = Asset.objects.visible_to(person).filter(pk=int(named)).values_list("owner", flat=True).first()
    source["customer"] = str(owner or "")


def _pick(source: QueryDict, pick: str) -> None:
    """Somebody was chosen, with a device or without; what belonged to another goes."""
    who, _, device = pick.partition(":")
    source["customer"] = who
    for name in ("rework", "owner"):
        source.pop(name, None)
    source.setlist("offer", [])
    if device or not source.get("model", "").strip():
        source["asset"] = device
    typed = source.get("q", "").strip()
    if who == NEW and typed:
        number = phones.normal(typed)
        if number and not source.get("phone"):
            source["phone"] = phones.shown(number)
        elif not any(sign.isdigit() for sign in typed) and not source.get("name"):
            source["name"] = typed


def _put_fault(source: QueryDict, form: IntakeForm, key: str) -> None:
    """The words of a template go behind what was typed, its lines below those of the estimate."""
    fault = next((one for one in Sheet(form).templates if str(one.pk) == key), None)
    if fault is None:
        return
    told = source.get("fault_text", "").replace("\r\n", "\n").strip()
    if fault.text not in told:
        source["fault_text"] = f"{told}\n{fault.text}".strip()
    there = set(source.getlist("line_source"))
    for line in fault.lines:
        if str(line.pk) not in there:
            _put_row(source, line, form.centre.currency)


def _put_row(source: QueryDict, line: TemplateLine, currency: str) -> None:
    rows = [row for row in zip(*(source.getlist(f"line_{part}") for part in ROW), strict=False) if row[0] or row[1]]
    rows.append((line.name, _as_typed(line.price, currency), line.kind, str(line.pk)))
    for place, part in enumerate(ROW):
        source.setlist(f"line_{part}", [row[place] for row in rows])


def _as_typed(minor: int, currency: str) -> str:
    """A price as it is typed in every language: «4 900», «49,50»."""
    return f"{minor / minor_units(currency):,.2f}".replace(",", " ").removesuffix(".00").replace(".", ",")


def _recognise(source: QueryDict, form: IntakeForm) -> None:
    """A serial number or plate that is known here is that device."""
    for name, known in (("serial_number", partial(by_serial, None)), ("plate", by_plate)):
        typed = source.get(name, "").strip()
        if typed and form.asset is None:
            found = known(typed).visible_to(form.person).values_list("pk", flat=True)[:2]
            if len(found) == 1:
                source["asset"] = str(found[0])
                return


def pressed(source: QueryDict, name: str) -> str:
    """The value of the button that was pressed."""
    return str(source.get(name, ""))
