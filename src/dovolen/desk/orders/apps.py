"""Orders as Django knows them."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Repair orders."""

    name = "dovolen.desk.orders"
    label = "orders"
