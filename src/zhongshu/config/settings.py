"""Django's settings.  Only this package reads the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from zhongshu.config import environment
from zhongshu.rules import reader

_ENVIRONMENT = environment.read()
ZHONGSHU_VAR = _ENVIRONMENT.var
ZHONGSHU_LAKE = _ENVIRONMENT.lake
ZHONGSHU_RAW = _ENVIRONMENT.raw
ZHONGSHU_REPORTS = _ENVIRONMENT.reports
ZHONGSHU_CONSOLE = _ENVIRONMENT.console
ZHONGSHU_URL = f"http://{_ENVIRONMENT.host}:{_ENVIRONMENT.port}"
VAULT_KEY = ZHONGSHU_VAR / "vault.key"

PROCRASTINATE_IMPORT_PATHS = ["zhongshu.jobs.tasks"]
# Wiring: what the doors reach by name, so that no plane imports one above it.
ZHONGSHU_QUEUE_RUN = "zhongshu.jobs.tasks.queue_cycle"
ZHONGSHU_QUEUE_SELFTEST = "zhongshu.jobs.tasks.queue_selftest"
ZHONGSHU_QUEUE_WHATIF = "zhongshu.jobs.tasks.queue_whatif"
ZHONGSHU_QUEUE_DISPATCH = "zhongshu.jobs.tasks.queue_dispatch"
ZHONGSHU_QUEUE_DRILL = "zhongshu.jobs.tasks.queue_drill"
ZHONGSHU_TRACE_CLUSTER = "zhongshu.config.cluster.trace"
ZHONGSHU_ROAD_FINDER = "zhongshu.config.roads.finder"
ZHONGSHU_REPORT_PORT = "zhongshu.connectors.reports.port"
reader.use_local(_ENVIRONMENT.packs)


def _kept_secret(path: Path) -> str:
    """The text in `path`; made on first start, readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def database(url: str) -> dict[str, Any]:
    """Django's entry for a PostgreSQL URL; an empty one means libpq's own defaults."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "postgres"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
    }


SECRET_KEY = _kept_secret(ZHONGSHU_VAR / "secret")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ZHONGSHU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
DATABASES = {"default": database(_ENVIRONMENT.database_url or "")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "zhongshu.service.audit",
    "zhongshu.service.units",
    "zhongshu.service.accounts",
    "zhongshu.service.people",
    "zhongshu.service.incidents",
    "zhongshu.service.periods",
    "zhongshu.service.clocks",
    "zhongshu.service.cases",
    "zhongshu.service.contacts",
    "zhongshu.service.tracing",
    "zhongshu.service.letters",
    "zhongshu.service.signals",
    "zhongshu.service.zones",
    "zhongshu.service.findings",
    "zhongshu.service.codes",
    "zhongshu.service.directives",
    "zhongshu.service.resources",
    "zhongshu.service.rounds",
    "zhongshu.service.dispatch",
    "zhongshu.service.whatif",
    "zhongshu.service.drills.played",
    "zhongshu.service.intake",
    "zhongshu.service.rowsecurity",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "zhongshu.api.headers.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "zhongshu.config.urls"
WSGI_APPLICATION = "zhongshu.config.wsgi.application"
APPEND_SLASH = False

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]

# Nothing the page's scripts can read but the CSRF token; nothing sent from another site.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600  # a shift; counted from the last request that changed the session
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("ZHONGSHU_HTTPS", "") == "1"
CSRF_TRUSTED_ORIGINS = [
    origin for origin in os.environ.get("ZHONGSHU_ORIGINS", "").split(",") if origin
]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = False

PGHISTORY_APPEND_ONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
