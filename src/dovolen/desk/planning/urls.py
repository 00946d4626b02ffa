"""Pages of planning."""

from django.urls import URLPattern, path

from dovolen.desk.planning import views

urlpatterns: list[URLPattern] = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/slots/new/", views.new_slot, name="new_slot"),
    path("calendar/slots/<int:key>/", views.slot, name="slot"),
    path("calendar/slots/<int:key>/cancellation/", views.slot_cancellation, name="slot_cancellation"),
    path("calendar/slots/<int:key>/arrival/", views.slot_arrival, name="slot_arrival"),
    path("calendar/bays/", views.bays, name="bays"),
    path("calendar/bays/<int:key>/", views.bay, name="bay"),
]
