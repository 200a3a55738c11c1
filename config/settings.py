"""Django settings: one file. What differs between environments comes from config.environment.variables."""

from datetime import timedelta
from functools import partial

from config.environment.databases import database_settings
from config.environment.email_url import email_settings
from config.environment.files_url import files_storage
from config.environment.log import LOGGING as LOGGING
from config.environment.openapi import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.environment.tracing import tracing_variables
from config.environment.variables import BASE_DIR, env

SECRET_KEY = env.effective_secret_key
DEBUG = env.debug
ALLOWED_HOSTS = [*env.allowed_hosts, env.host]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = True
TIME_ZONE = "UTC"  # of the API, of jobs and of what nobody reads; SHOP_TIME_ZONE is the shop's
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("uk", "Українська")]  # each complete: a test looks for missing texts
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = env.is_prod
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "users.User"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the look alone: the admin site is config.staff_site.site's
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.KontorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "pgtrigger",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "shared",
    "shop",
    "users",
    "catalog",
    "inventory",
    "orders",
    "payments",
    "crm",
    "events",
    "webhooks",
    "exchange",
    "tools",
    "config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "shared.http.middleware.RequestContextMiddleware",
    "shared.http.middleware.ApiMiddleware",
    "shared.http.replica_middleware.ReplicaMiddleware",
    "shared.http.page_middleware.PageHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shared.http.health_middleware.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shared.http.page_middleware.PageLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shared.admin.staff_forms.StaffFormMiddleware",
    "shared.http.page_middleware.PageTextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shared.http.page_middleware.PageZoneMiddleware",
    "shared.http.page_middleware.PageMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if env.otel_exporter_otlp_endpoint:
    MIDDLEWARE.insert(0, "shared.http.tracing.TracingMiddleware")

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
                "shared.http.replica_middleware.staleness",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------
LOCK_TIMEOUT_MS = 3_000
STATEMENT_TIMEOUT_MS = 10_000
REQUEST_DEADLINE_SECONDS = 15
REQUEST_DATABASE_SECONDS = 13.5  # of them, so that the answer is there in time
SYSTEM_KEPT_SECONDS = 3.0  # what System shows; as long as a look may be old
PICTURE_WAIT_SECONDS = 8  # for others' pictures to be decoded; less than a request may take
IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000  # a client that vanished without a word holds its locks so long
# What a pooler's sessions have of a session's limits: by ALTER ROLE. How it finds out about clients is its own matter.
SESSION_LIMITS_OF_ROLE = {
    "lock_timeout": LOCK_TIMEOUT_MS,
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": 0 if env.debug else IDLE_IN_TRANSACTION_TIMEOUT_MS,  # 0: for a debugger
    "jit": "off",
}
DATABASE_THROUGH_POOLER = env.goes_through_pooler
_database = partial(database_settings, env, SESSION_LIMITS_OF_ROLE)
DATABASES = {"default": _database(env.effective_database_url, pooled=env.goes_through_pooler)}
DATABASE_REPLICAS = [_database(url, takes_writes=False) for url in env.database_replica_urls]
REPLICA_WAIT_MS = env.replica_wait_ms
REPLICA_STALE_SECONDS = env.replica_stale_seconds

# --- The shop's rules -----------------------------------------------------------------------------------------------
# The first three are what the shop begins with: from then on its row has them (shop.current).
SHOP_TIME_ZONE = env.time_zone
DEFAULT_CURRENCY = env.default_currency
DEFAULT_PHONE_REGION = env.default_phone_region  # of numbers written without a country code: ISO 3166
PAYMENT_TIMEOUT_MINUTES = env.payment_timeout_minutes
CLEANUP_INTERVAL_MINUTES = env.cleanup_interval_minutes
SWEEP_UNPAID_ORDERS = env.sweep_unpaid_orders
MAX_STOCK_RETRY_ATTEMPTS = env.max_stock_retry_attempts
STOCK_RETRY_BACKOFF_MS = env.stock_retry_backoff_ms
LOW_STOCK_THRESHOLD = env.low_stock_threshold
BADGE_SECONDS = 30  # how old a number in the sidebar may be
REQUIRE_IDEMPOTENCY_KEY = env.require_idempotency_key
PLACE_TOGETHER = env.place_together
IDEMPOTENCY_KEY_DAYS = 30
BOOKS_RETENTION_YEARS = env.books_retention_years
LEAD_RETENTION_DAYS = env.lead_retention_days
EMAIL_RETENTION_DAYS = env.email_retention_days
DELETED_RETENTION_DAYS = env.deleted_retention_days
ACTIVITY_RETENTION_DAYS = env.activity_retention_days

# --- Payment providers ----------------------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env.stripe_secret_key
STRIPE_WEBHOOK_SECRET = env.stripe_webhook_secret
STRIPE_API_BASE = env.stripe_api_base
SANDBOX_PROVIDER_URL = env.sandbox_provider_url
PORT = env.port
LIVE_PORT = env.effective_live_port
LIVE_URL = env.live_url
SANDBOX_WEBHOOK_SECRET = env.sandbox_webhook_secret
EVENT_RETENTION_DAYS = env.event_retention_days
WEBHOOK_ALLOW_HOSTS = frozenset(env.webhook_allow_hosts)
WEBHOOK_RETENTION_DAYS = env.webhook_retention_days

# --- E-mail ---------------------------------------------------------------------------------------------------------
globals().update(email_settings(env.email_url, is_prod=env.is_prod))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.email_from
ALERT_EMAIL = env.alert_email
BACKUP_DIR = "" if env.database_url else env.backup_dir  # where the embedded database's changes are streamed to
HAS_BACKUP_COPY = bool(env.backup_copy_options)  # what a page on faults shows of the settings has no address of it
SITE_URL = env.site_url

# --- HTTP and API ---------------------------------------------------------------------------------------------------
API_MAX_BODY_BYTES = 1024 * 1024
API_MAX_UPLOAD_BYTES = 11 * 1024 * 1024  # where a route takes a picture of up to 10 MB
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024  # of a form; the web server's own bounds are in config/web/limits.py
STAFF_FORM_MAX_FIELDS = 10_000  # of signed-in staff in the admin; of everybody else Django's own 1,000
TRUSTED_PROXIES = env.trusted_proxies
METRICS_PORT = env.metrics_port
TRACES = bool(env.otel_exporter_otlp_endpoint)
TRACES_VARIABLES = tracing_variables(env)
KONTOR_HOME = env.kontor_home
CONNECTIONS_PER_ADDRESS = env.connections_per_address  # the oldest idle one makes room for a new one
SLOW_BODIES_PER_ADDRESS = env.slow_bodies_per_address
DRAIN_SECONDS = env.drain_seconds
SIGN_INS_PER_MINUTE = 10  # of one account from one address; an office behind one address has many accounts
SIGN_INS_PER_MINUTE_AND_ACCOUNT = 30
SIGN_INS_PER_MINUTE_AND_ADDRESS = 100
SIGN_INS_PER_MINUTE_OVERALL = env.sign_ins_per_minute_overall  # but for places that an account is known from
SIGN_IN_FAILURES_TO_LOCK = 10  # in a row, within the minutes below; the account is then locked for as long
SIGN_IN_FAILURES_TO_LOCK_API = 30  # there, each minute's ten tries are promised (docs/decisions/sign-in.md)
SIGN_IN_LOCK_MINUTES = 15
CUSTOMER_ORDERS_PER_MINUTE = 60
ORDER_LIMIT_UNITS = env.order_limit_units
ORDER_LIMIT_UNPAID_ORDERS = env.order_limit_unpaid_orders
ORDER_LIMIT_HELD_UNITS = env.order_limit_held_units
ORDER_LIMITS_FOR = env.order_limits_for

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "users.api.authentication.BearerAuthentication",
        "users.api.authentication.ApiKeyAuthentication",
        "users.api.authentication.SignedInSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["shared.api.permissions.DenyAll"],
    "DEFAULT_PARSER_CLASSES": ["shared.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["shared.api.rendering.FastJSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["shared.api.filtering.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "shared.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "shared.api.schema.KontorSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "shared.api.negotiation.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "shared.http.problem_details.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=30),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "UPDATE_LAST_LOGIN": False,
    "CHECK_REVOKE_TOKEN": True,
}

# --- Sign-in --------------------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
REQUIRE_SECOND_FACTOR = env.require_second_factor
HISTORY_DAYS = env.history_days
OTP_TOTP_ISSUER = "Kontor"
# Its pause doubles for ever: whoever knows the password could lock the owner out. Kontor's own lock counts codes too.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# --- Files and security ---------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.kontor_home / "static"
STORAGES = {
    "default": files_storage(env.files_url, home=env.kontor_home),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = env.is_prod
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if env.is_prod else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.is_prod
SECURE_REDIRECT_EXEMPT = [r"^healthz/?$", r"^readyz/?$"]
# RequestContextMiddleware takes the header away unless one of TRUSTED_PROXIES sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

PROCRASTINATE_ON_APP_READY = "config.jobs.register"
PROCRASTINATE_DATABASE_ALIAS = "default"
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 3600}  # a machine that was off runs what it missed
TEST_RUNNER = "config.test_runner.PytestRunner"

from config.staff_site.theme import UNFOLD as UNFOLD  # noqa: E402 - reads settings lazily, kept out of this file for length
