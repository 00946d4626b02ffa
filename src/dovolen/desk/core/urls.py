"""Pages of the ground floor."""

from django.urls import URLPattern, path

from dovolen.desk.core import views

urlpatterns: list[URLPattern] = [
    path("health/", views.health, name="health"),
    path("status/", views.status, name="status"),
    path("status/failures/", views.failures, name="failures"),
    path("status/failures/events/<int:event_id>/tries/", views.event_tries, name="event_tries"),
    path("status/failures/timers/<int:timer_id>/tries/", views.timer_tries, name="timer_tries"),
]
