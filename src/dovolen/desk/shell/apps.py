"""The shell as Django knows it."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The frame of pages."""

    name = "dovolen.desk.shell"
    label = "shell"
