"""Pages above all apps."""

from django.urls import URLPattern, path

from dovolen.desk.pages.views import asset, client, gallery, search, settings, shift, today

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
    path("assets/<int:asset>/", asset.asset, name="asset"),
    path("customers/<int:customer>/", client.client, name="customer"),
    path("customers/<int:customer>/story/", client.client_story, name="customer_story"),
]
