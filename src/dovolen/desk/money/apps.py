"""Money as Django knows it."""

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """Prices, payments, shifts, statements."""

    name = "dovolen.desk.money"
    label = "money"
