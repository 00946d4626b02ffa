"""Complaints and answers as Django knows them."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """What clients complain of, ask for and answer."""

    name = "dovolen.desk.feedback"
    label = "feedback"
