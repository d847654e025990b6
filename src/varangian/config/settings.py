"""Settings from the environment; every default is the safe one for a single machine."""

import os
from pathlib import Path

from varangian.config import oidc
from varangian.platform.database.connect import django_database
from varangian.platform.database.embedded import home_folder, keys_folder
from varangian.platform.processes.parts import near
from varangian.platform.ui import csp

HOME = home_folder()
KEYS = keys_folder()
PACKAGE = Path(__file__).resolve().parent.parent
FEATURES = [
    name
    for name in (
        "principals",
        "places",
        "operations",
        "log",
        "alerts",
        "tracking",
        "intelligence",
        "threats",
        "travel",
        "crowds",
        "surveillance",
        "planning",
        "protection",
        "demo",
    )
    if (PACKAGE / name / "apps.py").exists()
]


def _secret() -> str:
    """Before the first start there is none, and nobody who could be signed in by it."""
    kept = KEYS / "django.key"
    given = os.environ.get("VARANGIAN_SECRET_KEY")
    return given or (kept.read_text() if kept.exists() else os.urandom(48).hex())


SECRET_KEY = _secret()
DEBUG = False
PORT = int(os.environ.get("VARANGIAN_PORT", "8000"))
LIVE_PORT = int(os.environ.get("VARANGIAN_LIVE_PORT", str(PORT + 1)))
LIVE_ORIGIN = os.environ.get("VARANGIAN_LIVE_ORIGIN", "")
ALLOWED_HOSTS = [
    *os.environ.get("VARANGIAN_HOSTS", "127.0.0.1,localhost,[::1]").split(","),
    near(),  # where the supervisor and a balancer ask for /healthz
]
FEEDS_INSIDE = [h for h in os.environ.get("VARANGIAN_FEEDS_INSIDE", "").split(",") if h]
"""Hosts and networks of our own that a connector may call all the same."""
POSITIONS_DAYS = int(os.environ.get("VARANGIAN_POSITIONS_DAYS", "30"))
DELIVERIES_DAYS = int(os.environ.get("VARANGIAN_DELIVERIES_DAYS", "90"))
"""Positions older than this are dropped, a day at a time."""
SIMULATE = os.environ.get("VARANGIAN_SIMULATE", "") == "1"
"""Legs may be driven by the simulator outside an exercise: for tests, never in a running house."""
CALENDAR_WORDS = os.environ.get("VARANGIAN_CALENDAR", "times")
"""How much a personal calendar feed tells: times, posts or operations."""
if CALENDAR_WORDS not in ("times", "posts", "operations"):
    raise SystemExit(f"VARANGIAN_CALENDAR is times, posts or operations, not {CALENDAR_WORDS}")
CAMERA_FILES = os.environ.get("VARANGIAN_CAMERA_FILES", "")
"""A folder whose files may be played as cameras; empty: none may."""
FACE_THRESHOLD = float(os.environ.get("VARANGIAN_FACE_THRESHOLD") or "0") or None
"""From how alike two faces are shown to a person, of a study of one's own; else the network's."""
if FACE_THRESHOLD is not None and not 0.3 <= FACE_THRESHOLD < 1:
    raise SystemExit("VARANGIAN_FACE_THRESHOLD is a similarity from 0.3 to 1")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("VARANGIAN_ORIGINS", "").split(",") if o]

PUSH_CONTACT = os.environ.get("VARANGIAN_PUSH_CONTACT", "mailto:duty-desk@example.org")
"""Whom a push service writes to when our calls trouble it."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "varangian.platform.access",
    "varangian.platform.audit",
    "varangian.platform.crypto",
    "varangian.platform.storage",
    "varangian.platform.thread",
    "varangian.platform.ui",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_cotton.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "varangian.platform.jobs",
    "varangian.platform.processes",
    *[f"varangian.{name}" for name in FEATURES],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "varangian.platform.ui.middleware.PermissionsPolicy",
    "varangian.platform.ui.middleware.ApiWords",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "varangian.platform.access.middleware.Unit",
    "varangian.platform.access.middleware.Sightings",
]

ROOT_URLCONF = "varangian.config.urls"
WSGI_APPLICATION = "varangian.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "platform" / "ui" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "varangian.platform.ui.context.frame",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "varangian.platform.ui.templatetags.varangian",
                "varangian.platform.ui.templatetags.marks",
            ],
        },
    }
]

DATABASES = {"default": django_database(os.environ.get("VARANGIAN_DB_ROLE", "app"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # allauth counts wrong passwords and used codes here: the count is one over all processes
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "house_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "near": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "varangian.platform.access.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip"}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Varangian"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = oidc.providers(os.environ)

SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "varangian.platform.ui.pages.unproved"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if os.environ.get("VARANGIAN_TLS") == "1":
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CSP = csp.policy(live_port=LIVE_PORT, live_origin=LIVE_ORIGIN)

FILES = os.environ.get("VARANGIAN_FILES") or (
    "database" if os.environ.get("DATABASE_URL") else str(HOME / "files")
)
"""Where sealed files lie: a folder that all machines see, or the database that they share."""
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "varangian.platform.ui.uploads.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"/vendor/[^/]+@"
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".pmtiles": "application/octet-stream"}

LANGUAGE_CODE = "en-gb"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING_CONFIG = None
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
