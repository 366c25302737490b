"""All settings of the product. Every value that a site may change comes from the environment: docs/operations.md.

PROFMINIMUM_MODE is `production` unless said otherwise, and production refuses to start when it is unsafe.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from profminimum.config import env

PACKAGE = Path(__file__).resolve().parents[1]
BASE_DIR = Path(env.text("HOME") or Path.cwd())
VAR = Path(env.text("VAR") or BASE_DIR / "var")
MODE = env.choice("MODE", ("production", "demo", "test"), "production")
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY") or ("" if MODE == "production" else "demo-and-tests-only-" + "0" * 40)
ALLOWED_HOSTS = env.words("HOSTS", "" if MODE == "production" else "127.0.0.1 localhost [::1] testserver")
ORIGIN = env.text("ORIGIN", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [ORIGIN]

_weak = len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10
if MODE == "production":
    _unsafe = {
        "PROFMINIMUM_SECRET_KEY: set a random text of 50 characters or more": _weak,
        "PROFMINIMUM_HOSTS: name the hosts that the site answers to": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
        "PROFMINIMUM_DEBUG: must be 0 in production": DEBUG,
        "PROFMINIMUM_ORIGIN: must begin with https:// in production": not ORIGIN.startswith("https://"),
        "PROFMINIMUM_NOW: the demo clock must not be set in production": bool(env.text("NOW")),
    }
    if any(_unsafe.values()):
        raise ImproperlyConfigured("unsafe settings:\n  " + "\n  ".join(t for t, bad in _unsafe.items() if bad))

INSTALLED_APPS = [
    "profminimum.web",
    "profminimum.journal",
    "profminimum.orgs",
    "profminimum.plan",
    "profminimum.registers",
    "profminimum.monitoring",
    "profminimum.notices",
    "profminimum.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "profminimum.orgs.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]
if MODE == "test":
    MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")  # nothing is collected for tests
ROOT_URLCONF = "profminimum.config.urls"
WSGI_APPLICATION = "profminimum.config.wsgi.application"
_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
            "builtins": ["django_cotton.templatetags.cotton", "profminimum.web.templatetags.wording"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "profminimum.web.context.shell",
            ],
        },
    }
]
SHELL = "profminimum.config.navigation.shell"  # who gives the page header and the navigation their content

DATABASES = {"default": env.database(VAR / "profminimum.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
FILES = MEDIA_ROOT = VAR / "files"  # uploaded evidence and decrees, by the hash of their content
_packs = next(each for each in (PACKAGE / "packs", PACKAGE.parents[1] / "packs") if each.exists())
PACK = Path(env.text("PACK") or _packs / "profminimum_2023")  # forms, registers, levels
UPLOAD_LIMIT = env.number("UPLOAD_MB", 25, low=1, high=200) * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

TIME_ZONE = env.zone("TIME_ZONE", "Asia/Sakhalin")
USE_TZ = USE_THOUSAND_SEPARATOR = True
NOW = env.moment("NOW", TIME_ZONE)  # the demo clock: None means the real time
LANGUAGE_CODE = "ru"
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
FORM_RENDERER = "profminimum.web.forms.Renderer"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
if MODE != "test":
    _STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC},
}

AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "profminimum.orgs.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the address is proven by the invitation link
ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_SESSION_REMEMBER = ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "600/m/ip"}  # axes counts failures; a region shares an address
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.flag("BEHIND_PROXY", default=False))
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another host is closed by the content security policy
SOCIALACCOUNT_ADAPTER = "profminimum.orgs.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": env.table("OIDC")}}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: the invitation has proven it
MFA_TOTP_ISSUER = "profminimum"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
AXES_FAILURE_LIMIT = env.number("LOGIN_TRIES", 10, low=3, high=100)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "profminimum.orgs.adapters.typed_address"
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = MODE == "production"
SECURE_HSTS_SECONDS = 31536000 if MODE == "production" else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

EMAIL_HOST = env.text("SMTP_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.number("SMTP_PORT", 587, low=1, high=65535)
EMAIL_HOST_USER = env.text("SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("SMTP_TLS", default=False)
EMAIL_TIMEOUT = 20
DIGEST_HOUR = env.number("DIGEST_HOUR", 8, low=0, high=23)  # of the region's day
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "profminimum@localhost")

JOURNAL_SCOPE = "profminimum.config.scope.journal"
JOURNAL_REACTIONS = "profminimum.config.reactions.REACTIONS"
JOURNAL_TIMERS = "profminimum.config.reactions.TIMERS"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"profminimum": {"level": "INFO"}, "axes": {"level": "ERROR"}},
}
# HSTS for subdomains and preloading bind a whole domain: its owner decides, at the proxy
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
