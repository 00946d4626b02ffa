"""Clients as Django knows them."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Clients."""

    name = "dovolen.desk.people"
    label = "people"
