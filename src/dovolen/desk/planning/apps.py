"""The calendar as Django knows it."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """The calendar of technicians and bays."""

    name = "dovolen.desk.planning"
    label = "planning"
