"""Pages of the ground floor."""

from django.urls import URLPattern, path

from dovolen.desk.core import views

urlpatterns: list[URLPattern] = [
    path("health/", views.health, name="health"),
]
