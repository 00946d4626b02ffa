"""Accounts as Django knows them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who works here."""

    name = "dovolen.desk.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
