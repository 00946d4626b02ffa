"""Messaging as Django knows it."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Messages, gateways, contacts."""

    name = "dovolen.desk.messaging"
    label = "messaging"
