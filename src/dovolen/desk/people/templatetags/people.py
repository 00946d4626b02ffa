"""Words for clients in templates; loaded into every template by the settings. {{ phone.number|phone }}"""

from __future__ import annotations

from django import template

from dovolen.desk.people import phones

register = template.Library()


@register.filter
def phone(number: str) -> str:
    """A number as people read it: «+7 912 448-07-31»."""
    return phones.shown(number or "")
