"""The list of what clients answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.paging import addresses
from dovolen.desk.feedback import queries
from dovolen.desk.feedback.forms import AnswerFilterForm
from dovolen.desk.feedback.models import SEE


@may(SEE)
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Answers, the latest first."""
    person = access.person(request)
    form = AnswerFilterForm(request.GET)
    kind = form.chosen()
    page = queries.answers_page(person, kind, request.GET.get("cursor", ""))
    shown = {
        "page": page, "form": form, "is_filtered": bool(kind), "most": words.current().number(queries.COUNTED),
        "with_centre": len(person.centre_ids(SEE)) > 1,
    }  # fmt: skip
    return respond(request, "feedback/answers.html", shown | addresses(request.GET, page))
