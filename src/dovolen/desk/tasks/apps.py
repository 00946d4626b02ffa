"""Tasks as Django knows them."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Tasks and shifts."""

    name = "dovolen.desk.tasks"
    label = "tasks"
