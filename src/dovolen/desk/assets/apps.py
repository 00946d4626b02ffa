"""Assets as Django knows them."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """Devices and vehicles."""

    name = "dovolen.desk.assets"
    label = "assets"
