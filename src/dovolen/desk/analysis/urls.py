"""Pages of analysis."""

from django.urls import URLPattern, path

from dovolen.desk.analysis.views import (
    base,
    clients,
    load,
    network,
    performers,
    risks,
    satisfaction,
    scored,
    settings,
    slices,
    snapshots,
    sources,
    value,
)

urlpatterns: list[URLPattern] = [
    path("base/", base.base, name="base"),
    path("base/clients/", clients.clients, name="base_clients"),
    path("base/clients/tasks/", clients.list_tasks, name="base_clients_tasks"),
    path("base/clients/file/", clients.list_file, name="base_clients_file"),
    path("risks/", risks.risks, name="risks"),
    path("snapshots/", snapshots.snapshots, name="snapshots"),
    path("snapshots/compared/", snapshots.compared, name="compared"),
    path("satisfaction/", satisfaction.satisfaction, name="satisfaction"),
    path("satisfaction/check/", satisfaction.self_check, name="self_check"),
    path("satisfaction/orders/", scored.scored_orders, name="scored_orders"),
    path("satisfaction/orders/<int:number>/", scored.scored_order, name="scored_order"),
    path("value/", value.value, name="value"),
    path("sources/", sources.sources, name="sources"),
    path("performers/", performers.performers, name="performers"),
    path("load/", load.load, name="load"),
    path("settings/analysis/", settings.analysis_settings, name="analysis_settings"),
    path("settings/analysis/previews/", settings.settings_previews, name="settings_previews"),
    path("settings/analysis/previews/<int:key>/", settings.settings_preview, name="settings_preview"),
    path("settings/analysis/versions/", settings.settings_versions, name="settings_versions"),
    path("settings/analysis/versions/<int:key>/", settings.settings_version, name="settings_version"),
    path("network/", network.network_page, name="network"),
    path("slices/", slices.slices, name="slices"),
    path("slices/cells.<str:form>", slices.slices_file, name="slices_file"),
    path("slices/kept/", slices.slices_kept, name="slices_kept"),
    path("slices/kept/<int:key>/removal/", slices.slices_kept_removal, name="slices_kept_removal"),
]
