"""Documents as Django knows it."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers as Django knows them."""

    name = "dovolen.desk.documents"
    label = "documents"
