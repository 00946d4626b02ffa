"""Settings of the desk, read from the environment; every one of ours is named DOVOLEN_….

DOVOLEN_HOME  folder of base, files, secrets       DATABASE_URL   PostgreSQL instead of SQLite
DOVOLEN_URL   address that people type (https://…)  DOVOLEN_HOSTS  other names it answers to, by commas
DOVOLEN_GATEWAY_HOSTS  hosts (host or host:port) inside the network that message gateways may reach, by commas
DOVOLEN_IMPORT_HOSTS   hosts (host or host:port) whose bases imports may read, by commas
DOVOLEN_LOG   info, warning, error                  DOVOLEN_<NAME>_KEY  a secret, where hosts share it by environment
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from dovolen.desk.core.home import Home, database
from dovolen.desk.core.logs import logging_settings

DESK = Path(__file__).resolve().parent
HOME = Home.of_environment()
NOWHERE = "http://localhost:8000"
ADDRESS = urlsplit(os.environ.get("DOVOLEN_URL", ""))
IS_HTTPS = ADDRESS.scheme == "https"
SITE = f"{ADDRESS.scheme}://{ADDRESS.netloc}" if ADDRESS.netloc else os.environ.get("DOVOLEN_SERVED_AT", NOWHERE)
"""Before every link in a message or on paper: what people type, else what the server was started with."""

SECRET_KEY = HOME.secret("django")
DEBUG = False
ALLOWED_HOSTS = [
    "localhost", "127.0.0.1", "[::1]", socket.gethostname().lower(), *([ADDRESS.hostname] if ADDRESS.hostname else []),
    *filter(None, os.environ.get("DOVOLEN_HOSTS", "").split(",")),
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "dovolen.desk.core",
    "dovolen.desk.shell",
    "dovolen.desk.accounts",
    "dovolen.desk.people",
    "dovolen.desk.assets",
    "dovolen.desk.tasks",
    "dovolen.desk.messaging",
    "dovolen.desk.money",
    "dovolen.desk.orders",
    "dovolen.desk.planning",
    "dovolen.desk.documents",
    "dovolen.desk.feedback",
    "dovolen.desk.analysis",
    "dovolen.desk.ingest",
    "dovolen.desk.pages",
]
MIDDLEWARE = [
    "dovolen.desk.core.middleware.safe_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dovolen.desk.core.middleware.speak_as_asked",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dovolen.desk.accounts.middleware.note_seen",
    "dovolen.desk.shell.errors.told_in_words",
]
ROOT_URLCONF = "dovolen.desk.urls"
WSGI_APPLICATION = "dovolen.desk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": database(HOME, os.environ.get("DATABASE_URL"))}

# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [DESK / "templates"],
        "OPTIONS": {
            "builtins": [
                "django.templatetags.static",
                "dovolen.desk.core.templatetags.words",
                "dovolen.desk.core.templatetags.once",
                "dovolen.desk.shell.templatetags.shell",
                "dovolen.desk.people.templatetags.people",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dovolen.desk.shell.context.shell",
            ],
        },
    },
]
STATIC_URL = "/static/"
STATIC_ROOT = HOME.static
STATICFILES_DIRS = [folder for folder in (DESK / "static", DESK.parent / "assets") if folder.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(HOME.files)}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ── Time and words: moments are UTC, pages speak the centre's time; our words lie in words/, Django says its own ─────

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]

# ── Who comes in ─────────────────────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "accounts.Staff"
LOGIN_URL = "/log-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",  # where a base was moved from a machine without Argon2
]
_PASSWORD_RULES = {
    "UserAttributeSimilarityValidator": {"user_attributes": ("login", "name")},
    "MinimumLengthValidator": {"min_length": 8},
    "CommonPasswordValidator": {},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in _PASSWORD_RULES.items()
]

# ── Safe by itself ───────────────────────────────────────────────────────────────────────────────────────────────────

SESSION_ENGINE = "dovolen.desk.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [f"{ADDRESS.scheme}://{ADDRESS.netloc}"] if ADDRESS.netloc else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "dovolen.desk.shell.errors.form_too_old"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "dovolen.desk.core.uploads.Measured",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

GATEWAY_HOSTS: frozenset[str] = frozenset(filter(None, os.environ.get("DOVOLEN_GATEWAY_HOSTS", "").lower().split(",")))
"""Without a name here no gateway reaches into the network of the server."""
IMPORT_HOSTS: frozenset[str] = frozenset(filter(None, os.environ.get("DOVOLEN_IMPORT_HOSTS", "").lower().split(",")))
"""Without a name here no import reads a base by its address."""

LOGGING = logging_settings(os.environ.get("DOVOLEN_LOG", "info"))
