"""Pages above all apps."""

from django.urls import URLPattern, path

from dovolen.desk.pages.views import gallery, today

urlpatterns: list[URLPattern] = [
    path("", today.today, name="home"),
    path("gallery/", gallery.gallery, name="gallery"),
]
