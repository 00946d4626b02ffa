"""Import as Django knows it."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    """Rows of other systems."""

    name = "dovolen.desk.ingest"
    label = "ingest"
