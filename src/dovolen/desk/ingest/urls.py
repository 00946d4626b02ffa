"""Pages of ingest."""

from django.urls import URLPattern, path

from dovolen.desk.ingest import views

urlpatterns: list[URLPattern] = [
    path("imports/", views.imports, name="imports"),
    path("imports/connection/", views.connection, name="import_connection"),
    path("imports/<int:key>/", views.one_import, name="import"),
    path("imports/<int:key>/mapping/", views.mapping, name="import_mapping"),
    path("imports/<int:key>/mapping/text/", views.mapping_text, name="import_mapping_text"),
    path("imports/<int:key>/check/", views.check, name="import_check"),
    path("imports/<int:key>/rows/", views.rows, name="import_rows"),
    path("imports/<int:key>/rows.<str:form>", views.rows_file, name="import_rows_file"),
    path("imports/<int:key>/undo/", views.undo, name="import_undo"),
]
