"""Door one, the browser: every app's pages."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dovolen.desk.core.urls")),
    path("", include("dovolen.desk.accounts.urls")),
    path("", include("dovolen.desk.people.urls")),
    path("", include("dovolen.desk.assets.urls")),
    path("", include("dovolen.desk.tasks.urls")),
    path("", include("dovolen.desk.messaging.urls")),
    path("", include("dovolen.desk.money.urls")),
    path("", include("dovolen.desk.orders.urls")),
    path("", include("dovolen.desk.planning.urls")),
    path("", include("dovolen.desk.documents.urls")),
    path("", include("dovolen.desk.feedback.urls")),
    path("", include("dovolen.desk.analysis.urls")),
    path("", include("dovolen.desk.ingest.urls")),
    path("", include("dovolen.desk.pages.urls")),
]
handler400 = "dovolen.desk.shell.errors.bad_request"
handler403 = "dovolen.desk.shell.errors.forbidden"
handler404 = "dovolen.desk.shell.errors.not_found"
handler500 = "dovolen.desk.shell.errors.server_error"
