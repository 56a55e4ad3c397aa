"""All settings. The environment decides (see config/env.py); what it leaves out runs on a laptop with nothing installed.

`manage.py check --deploy` fails while a laptop default remains.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # everything the site writes on a laptop; safe to delete
VAR_DIR.mkdir(exist_ok=True)

# Who we are

DEBUG = env.flag("DEBUG")
LAPTOP_SECRET_KEY = "laptop-only-0000000000000000000000000000000000000000000000"  # noqa: S105
SECRET_KEY = env.text("SECRET_KEY", LAPTOP_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", [])
LAPTOP_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", LAPTOP_HOSTS)
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [])
ON_LAPTOP = set(ALLOWED_HOSTS) <= set(LAPTOP_HOSTS)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "config.apps.SiteConfig",
    "allauth",  # before the catalogue, which takes its rows out of the admin again
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "catalogue",
    "recommender",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_htmx",
    "django_linear_migrations",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "catalogue.accounts.middleware.SessionSeen",
    "catalogue.accounts.middleware.SecondFactorFirst",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "catalogue.web.context.language_links",
                "catalogue.web.shortlist.shortlist_in_frame",
            ],
        },
    },
]

# Data

DATABASES = {"default": env.database(f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "catalogue.User"

# What vendors hand in. No web server has an address for this folder: one view serves its files, to those who may.

MEDIA_ROOT = VAR_DIR / "private"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "catalogue.documents.uploading.StopsAtLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CLAMD_URL = env.address("CLAMD_URL", ("tcp",))

# Background work and cache

REDIS_URL = env.address("REDIS_URL", ("redis", "rediss"))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = False  # the catalogue's change is committed; a failed index must not undo the answer
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 5, "max_retries": 2}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_max": 0.5}
CELERY_BEAT_SCHEDULE = {
    "accounts": {"task": "catalogue.accounts.tasks.look_after_accounts", "schedule": crontab(hour=3, minute=20)},
    "exposure": {"task": "recommender.tasks.count_exposure", "schedule": crontab(hour=2, minute=10)},
    # Before the daily mails go out, which is where it is told.
    "matching": {"task": "recommender.tasks.match_problems", "schedule": crontab(hour=6, minute=40)},
    "notices": {"task": "catalogue.notifications.tasks.sweep", "schedule": 60.0},  # seconds
    "problems": {"task": "catalogue.problems.tasks.look_after_problems", "schedule": crontab(hour=8, minute=10)},
    # Every hour, for it is done once a day: also on a day on which no worker was there at night.
    "register": {"task": "catalogue.register.tasks.make_checkpoint", "schedule": crontab(minute=7)},
    "submissions": {"task": "catalogue.vetting.tasks.look_after_submissions", "schedule": crontab(hour=1, minute=30)},
    "old-notices": {"task": "catalogue.notifications.tasks.forget_old", "schedule": 86_400.0},
}

# Mail

vars().update(env.email("consolemail://"))
LAPTOP_MAIL_FROM = "Nền tảng Việt <nen-tang-viet@localhost>"
MAIL_FROM = DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM") or LAPTOP_MAIL_FROM
SITE_URL = env.address("SITE_URL", ("http", "https")).rstrip("/") or "http://127.0.0.1:8000"
OUTBOX_DIR = Path(env.text("OUTBOX_DIR", str(VAR_DIR / "outbox")))
DIGEST_HOUR = 8  # of TIME_ZONE: when the daily mails go out

# The public register: signed with a key that lies outside the database (docs/register.md)

REGISTER_KEY = env.text("REGISTER_KEY")
REGISTER_OLD_KEYS = env.text("REGISTER_OLD_KEYS")
REGISTER_LAPTOP_KEY = VAR_DIR / "register.key"

# Open contracting data of public problems (docs/ocds.md)

OCDS_PREFIX = env.ocds_prefix()

# Proposals: sealed until the closing time with a key that lies outside the database (docs/proposals.md)

SEAL_KEY = env.text("SEAL_KEY")
SEAL_OLD_KEYS = env.names("SEAL_OLD_KEYS", [])
SEAL_LAPTOP_KEY = VAR_DIR / "seal.key"

# Accounts: allauth does the flows, catalogue/accounts adds the rules (docs/accounts.md)

AUTHENTICATION_BACKENDS = ["catalogue.accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "full_name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
REQUIRE_MFA = env.flag("REQUIRE_MFA", True)
IDLE = {  # time without signing in, until a mail says so, and until the account is locked
    "person": (timedelta(days=335), timedelta(days=365)),
    "staff": (timedelta(days=76), timedelta(days=90)),
}
DELETION_GRACE = timedelta(days=30)  # in which a deletion that was asked for can be taken back
ACCOUNT_ADAPTER = "catalogue.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "catalogue.accounts.forms.SignupForm"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that registered
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
MFA_ADAPTER = "catalogue.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds by which a telephone's clock may be off
SOCIALACCOUNT_ADAPTER = "catalogue.accounts.adapters.ProviderAdapter"
OIDC_ISSUER = env.address("OIDC_ISSUER", ("https", "http"))
SOCIALACCOUNT_PROVIDERS = env.identity_provider()

# The recommender

INDEX_DIR = Path(env.text("INDEX_DIR", str(VAR_DIR / "index")))
EMBEDDINGS_URL = env.address("EMBEDDINGS_URL", ("http", "https"))
STATEMENT_MAX_LENGTH = 5_000  # characters

# Interface

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMS_URLFIELD_ASSUME_HTTPS = True  # the default from Django 6
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
FONT_BUILD_DIR = VAR_DIR / "build" / "static"  # fonts are made from their package at installation
FONT_BUILD_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [FONT_BUILD_DIR]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Safety. Everything a page loads comes from here; HTTPS is taken for granted anywhere but on a laptop.

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not ON_LAPTOP
SECURE_HSTS_SECONDS = 0 if ON_LAPTOP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not ON_LAPTOP
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if ON_LAPTOP else 1
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if ON_LAPTOP else "https"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ON_LAPTOP  # http://localhost; browsers refuse any other without HTTPS
SECURE_PROXY_SSL_HEADER = None if ON_LAPTOP else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a form; a longer statement is refused by name before that
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        # A form that begins the way to the identity provider is sent on to it.
        "form-action": [
            SELF,
            *([f"{urlsplit(OIDC_ISSUER).scheme}://{urlsplit(OIDC_ISSUER).netloc}"] if OIDC_ISSUER else []),
        ],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "catalogue.api.authentication.TokenAuthentication",
        "catalogue.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],  # scope is the permission: querysets decide
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "catalogue.api.pagination.Pages",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_THROTTLE_RATES": {
        "recommendations": "60/min",
        "mistakes": "5/hour",
        "challenges": "5/hour",
        "previews": "60/min",
    },
    "EXCEPTION_HANDLER": "catalogue.api.errors.problem_response",
    "NUM_PROXIES": 1 if not ON_LAPTOP else 0,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Nền tảng Việt cho cơ quan nhà nước",
    "DESCRIPTION": "State a public agency's problem, get a short, ranked, explained list of Vietnamese platforms. "
    "The whole catalogue is open data. Errors are problem details (RFC 9457).",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AnswerEnum": "catalogue.platforms.choices.Answer.choices",
        "AssuranceEnum": "catalogue.platforms.choices.Assurance.choices",
        "ConnectedEnum": "catalogue.platforms.choices.Connected.choices",
        "DeploymentEnum": "catalogue.platforms.choices.Deployment.values",
        "EvidenceKindEnum": "catalogue.platforms.choices.EvidenceKind.choices",
        "OfferedDeploymentEnum": "catalogue.platforms.choices.Deployment.choices",
        "OrganisationKindEnum": "catalogue.accounts.models.OrganisationKind.choices",
        "RegisteredKindEnum": "catalogue.accounts.models.REGISTERED_KINDS",
        "OrganisationStateEnum": "catalogue.accounts.roles.OrganisationState.choices",
        "ProductStateEnum": "catalogue.platforms.desk.State.choices",
        "ProblemStateEnum": "catalogue.problems.states.State.choices",
        "SubmissionStateEnum": "catalogue.vetting.states.State.choices",
        "RequiredConnectionEnum": "recommender.engine.constraints.CONNECTED",
        "EntryKindEnum": "catalogue.register.states.EntryKind.choices",
        "RevisionStateEnum": "catalogue.platforms.revisions.RevisionState.choices",
        "RequestStateEnum": "catalogue.organisations.states.RequestState.choices",
        "HowToGetEnum": "catalogue.problems.states.Mode.values",
        "ProblemModeEnum": "catalogue.problems.states.Mode.choices",
        "ReasonCodeEnum": "catalogue.problems.evaluation.Code.choices",
        "RequiredModeEnum": "recommender.api.MODES",
        "IntegrityCodeEnum": "catalogue.problems.integrity.Code.choices",
        "ObstacleEnum": "recommender.api.OBSTACLES",
        "RoleEnum": "catalogue.accounts.roles.Role.choices",
    },
}

# Logs: one line an event, JSON where nobody watches. What an agency typed is never logged.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso")],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([] if ON_LAPTOP else [structlog.processors.format_exc_info]),
                structlog.dev.ConsoleRenderer(colors=False) if ON_LAPTOP else structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"catalogue": {"level": "INFO"}, "recommender": {"level": "INFO"}, "gunicorn.error": {"level": "INFO"}},
}
