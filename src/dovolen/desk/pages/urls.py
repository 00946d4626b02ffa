"""Pages above all apps."""

from django.urls import URLPattern, path

from dovolen.desk.pages import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("gallery/", views.gallery, name="gallery"),
]
