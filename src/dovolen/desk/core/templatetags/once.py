"""`{% once %}` in a form: the key by which it is done once, however often it is sent. Loaded into every template."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dovolen.desk.core.once import FIELD, new_key

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """A hidden field; browsers are told not to fill it in again from an earlier showing of the page."""
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, new_key())
