"""Pages above all apps."""

from django.urls import URLPattern, path

from dovolen.desk.pages import public
from dovolen.desk.pages.views import (
    asset,
    client,
    contact,
    gallery,
    known,
    notices,
    search,
    settings,
    shift,
    today,
    writing,
)

CLIENT = "c/<str:token>/"

urlpatterns: list[URLPattern] = [
    path("", today.today, name="home"),
    path("shift/", shift.shift, name="shift"),
    path("shifts/", shift.shifts, name="shifts"),
    path("shifts/<int:key>/", shift.past_shift, name="past_shift"),
    path("shifts/<int:key>/people/", shift.shift_people, name="shift_people"),
    path("shifts/<int:key>/notes/", shift.shift_notes, name="shift_notes"),
    path("shifts/<int:key>/handover/", shift.shift_handover, name="shift_handover"),
    path("search/", search.search, name="search"),
    path("search/found/", search.found, name="search_found"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("settings/", settings.settings, name="settings"),
    path("settings/notices/<str:code>/", notices.notice, name="notice"),
    path("settings/notices/<str:code>/texts/<str:channel>/<str:language>/", notices.notice_text, name="notice_text"),
    path("assets/<int:asset>/", asset.asset, name="asset"),
    path("customers/<int:customer>/", client.client, name="customer"),
    path("customers/<int:customer>/class/", known.customer_class, name="customer_class"),
    path("customers/<int:customer>/knowledge/", known.customer_knowledge, name="customer_knowledge"),
    path("customers/<int:customer>/short/", known.customer_short, name="customer_short"),
    path("base/classes/", known.class_contradictions, name="class_contradictions"),
    path("orders/<int:number>/losing/", known.order_losing, name="order_losing"),
    path("customers/<int:customer>/contacts/", contact.customer_contacts, name="customer_contacts"),
    path("customers/<int:customer>/messages/", writing.customer_messages, name="customer_messages"),
    path("customers/<int:customer>/story/", client.client_story, name="customer_story"),
    path(CLIENT, public.client_page, name="client_page"),
    path(f"{CLIENT}pulse/", public.client_pulse, name="client_pulse"),
    path(f"{CLIENT}estimate/", public.client_answer, name="client_answer"),
    path(f"{CLIENT}question/", public.client_question, name="client_question"),
    path(f"{CLIENT}photos/<int:key>/", public.client_photo, name="client_photo"),
    path(f"{CLIENT}photos/<int:key>/thumb/", public.client_thumb, name="client_thumb"),
    path(f"{CLIENT}papers/<int:key>.pdf", public.client_paper, name="client_paper"),
]
