"""Pages of analysis."""

from django.urls import URLPattern, path

from dovolen.desk.analysis.views import base, clients, risks, snapshots

urlpatterns: list[URLPattern] = [
    path("base/", base.base, name="base"),
    path("base/clients/", clients.clients, name="base_clients"),
    path("risks/", risks.risks, name="risks"),
    path("snapshots/", snapshots.snapshots, name="snapshots"),
]
