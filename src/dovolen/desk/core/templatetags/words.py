"""Words, numbers and moments in templates; loaded into every template by the settings.

{% say "orders.intake.title" name=client %} · {% count "count.orders" n %} · {% name "stage" order.stage %}
{{ moment|when }} · {{ moment|when_due }} · {{ moment|when_told }} · {{ minutes|lasting }}
{{ day|short_day }} · {{ day|date_in_words }} · {{ day|day_in_words }} · {{ day|weekday }}
{{ n|number }} · {{ share|share }} · {{ size|bytes }}
"""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone

from dovolen.desk.core import words
from dovolen.insight.words import MINUS, NBSP

register = template.Library()


@register.simple_tag
def say(key: str, **values: object) -> str:
    """The text under a key."""
    return words.say(key, **values)


@register.simple_tag
def count(key: str, n: int) -> str:
    """A number with its noun: «22 заказа»."""
    return words.current().count(key, n)


@register.simple_tag
def name(family: str, code: object) -> str:
    """The word for a code of a family."""
    return words.current().name(family, code)


@register.filter
def number(value: float, digits: int = 0) -> str:
    """A number as the language writes it."""
    return words.current().number(value, digits)


@register.filter
def share(value: float, digits: int = 0) -> str:
    """A share from 0 to 1 as a percentage."""
    return words.current().share(value, digits)


@register.filter
def date_in_words(day: date) -> str:
    """«17 ноября 2026»; a moment is told by its day at the centre."""
    return words.current().date(_day_of(day))


@register.filter
def short_day(day: date | None) -> str:
    """A day, shortly: this year «12 мая», else «12 мая 2025»; a moment is told by its day at the centre."""
    if day is None:
        return ""
    told = timezone.localtime(day).date() if isinstance(day, datetime) else day
    shown = words.current().date(told, short=True)
    return shown if told.year != timezone.localdate().year else shown.rpartition(NBSP)[0]


@register.filter
def when(moment: datetime | None) -> str:
    """A moment at the centre: today «14:20», this year «17 ноя, 15:30», else «12 мая 2025»."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.date() == today:
        return f"{local:%H:%M}"
    day = words.current().date(local.date(), short=True)
    return day if local.year != today.year else f"{day.rpartition(NBSP)[0]}, {local:%H:%M}"


@register.filter
def when_due(moment: datetime | None) -> str:
    """A moment to come, with its weekday: «вт, 17 ноя, 15:30»; today «14:20»."""
    if moment is None or timezone.localtime(moment).date() == timezone.localdate():
        return when(moment)
    weekday = words.current().listed("unit.weekdays")[timezone.localtime(moment).weekday()]
    return f"{weekday}, {when(moment)}"


@register.filter
def when_told(moment: datetime | None) -> str:
    """A moment as clients are told it: «сегодня, 14:20», «завтра, 12:00», «чт, 19 ноя, 12:00», past «9 ноя, 12:00»."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    days = (local.date() - timezone.localdate()).days
    if days in (0, 1):
        return words.say(f"told.day.{days}", time=f"{local:%H:%M}")
    return when(moment) if days < 0 else when_due(moment)


@register.filter
def weekday(day: date) -> str:
    """«вт»; a moment is told by its day at the centre."""
    return words.current().listed("unit.weekdays")[_day_of(day).weekday()]


@register.filter
def day_in_words(day: date) -> str:
    """«вторник, 17 ноября»: a day of these weeks."""
    local, speaker = _day_of(day), words.current()
    name = speaker.say(f"weekday.{local.isoweekday()}")
    told = speaker.date(local).rpartition(NBSP)[0]
    return f"{name.lower() if speaker.lang == 'ru' else name}, {told}"


def _day_of(day: date) -> date:
    return timezone.localtime(day).date() if isinstance(day, datetime) else day


@register.filter
def lasting(minutes: float) -> str:
    """A stretch of time: «35 мин», «1 ч 10 мин», «26 ч», «4,9 дня»; less than nothing has its minus."""
    speaker = words.current()
    sign, whole = MINUS if minutes < 0 else "", abs(int(minutes))
    hours, rest = divmod(whole, 60)
    if hours < 1:
        return sign + speaker.say("lasting.minutes", n=whole)
    if hours < 10 and rest:
        return sign + speaker.say("lasting.both", hours=hours, minutes=rest)
    if hours < 48:
        return sign + speaker.say("lasting.hours", n=hours)
    days = round(whole / (24 * 60), 1)
    is_whole = days == int(days)
    forms = speaker.listed("lasting.days")
    noun = speaker.plural("lasting.days", int(days)) if is_whole else forms[min(1, len(forms) - 1)]
    return f"{sign}{speaker.number(days, 0 if is_whole else 1)}{NBSP}{noun}"


@register.filter
def bytes(size: int) -> str:  # noqa: A001 – the filter's name in templates
    """A size on disk: «12,4 МБ»."""
    speaker = words.current()
    units = speaker.listed("unit.bytes")
    value, place = float(size), 0
    while value >= 1024 and place < len(units) - 1:
        value, place = value / 1024, place + 1
    return f"{speaker.number(value, 0 if value >= 100 or not place else 1)}{NBSP}{units[place]}"
