"""Pages above all apps."""

from django.urls import URLPattern, path

from dovolen.desk.pages.views import asset, gallery, settings, today

urlpatterns: list[URLPattern] = [
    path("", today.today, name="home"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("settings/", settings.settings, name="settings"),
    path("assets/<int:asset>/", asset.asset, name="asset"),
]
