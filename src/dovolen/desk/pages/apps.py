"""Pages as Django knows them."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Pages above all apps."""

    name = "dovolen.desk.pages"
    label = "pages"
