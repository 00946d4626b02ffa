"""Core as Django knows it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground floor of the desk."""

    name = "dovolen.desk.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
