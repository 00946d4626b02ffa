"""Pages above all apps."""

from django.urls import URLPattern, path

from dovolen.desk.pages.views import asset, client, gallery, settings, today

urlpatterns: list[URLPattern] = [
    path("", today.today, name="home"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("settings/", settings.settings, name="settings"),
    path("assets/<int:asset>/", asset.asset, name="asset"),
    path("customers/<int:customer>/", client.client, name="customer"),
    path("customers/<int:customer>/story/", client.client_story, name="customer_story"),
]
