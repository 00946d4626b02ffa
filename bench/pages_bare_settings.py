"""Django with nothing around a view: the same base, no middleware, plain templates."""

from dovolen.desk.settings import *  # noqa: F403 – everything else is the desk's

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "pages_bare"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "OPTIONS": {}}]
