"""Door one, the browser: every app's pages."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dovolen.desk.core.urls")),
    path("", include("dovolen.desk.accounts.urls")),
]

handler500 = "dovolen.desk.core.views.broken"
