"""Analysis as Django knows it."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Snapshots of the base and what they say."""

    name = "dovolen.desk.analysis"
    label = "analysis"
