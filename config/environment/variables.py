"""Everything an operator may set, in one typed class.

`KONTOR_ENV` (local, dev, debug, prod) picks the file `.env.<name>` beside manage.py; real environment variables win
over the file. README.md documents every name.
"""

import os
import secrets
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from django.core.exceptions import ImproperlyConfigured
from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config.environment.addresses import known_addresses
from config.environment.backup_copy import checked_copy
from config.environment.tracing import check_tracing
from shared.money.currencies import known_currency
from shared.zones import known_zone

BASE_DIR = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("local", "dev", "debug", "prod")

CommaList = Annotated[list[str], NoDecode]


class Env(BaseSettings):
    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    kontor_env: Literal["local", "dev", "debug", "prod"] = "local"
    debug: bool = False
    secret_key: str = Field("", description="Unset: made once and kept in KONTOR_HOME (not in prod).")
    allowed_hosts: CommaList = ["localhost", "127.0.0.1", "[::1]"]
    trusted_proxies: CommaList = Field([], description="Addresses whose X-Forwarded-For and -Proto are believed.")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    live_port: int = Field(0, ge=0, le=65535, description="Of the live events; 0: PORT + 1.")
    live_url: str = Field("", description="Where browsers reach the live events, behind a proxy.")
    metrics_port: int = Field(0, ge=0, le=65535, description="Of /metrics, /healthz and /readyz; 0: no metrics.")
    metrics_host: str = "127.0.0.1"
    otel_exporter_otlp_endpoint: str = Field("", description="A collector of OpenTelemetry's traces; unset: none.")
    otel_traces_sampler: Literal[
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_on",
        "parentbased_always_off",
        "parentbased_traceidratio",
    ] = "parentbased_traceidratio"
    otel_traces_sampler_arg: float = Field(0.01, ge=0, le=1, description="The share of requests that is traced.")
    drain_seconds: int = Field(0, ge=0, le=60, description="After SIGTERM /readyz is 503 so long before serving ends.")
    web_workers: int = Field(2, ge=1, le=64)
    connections_per_address: int = Field(2000, ge=1, description="In each web process; trusted proxies are exempt.")
    slow_bodies_per_address: int = Field(32, ge=1, description="On their way for over 2 s, in each web process.")

    sign_ins_per_minute_overall: int = Field(
        60, ge=1, description="Of all, but where an account is known to be used from."
    )

    database_url: str = Field("", description="A PostgreSQL >= 15 URL; unset: the embedded PostgreSQL.")
    database_pooler: Literal["none", "transaction"] = Field("none", description="What DATABASE_URL leads to.")
    database_direct_url: str = Field("", description="Past the pooler: for all processes but the web server.")
    database_prepared_statements: bool = Field(True, description="Off: for a pooler that mixes them up.")
    database_replica_urls: CommaList = Field(
        [], description="Servers that follow the primary of DATABASE_URL, to read from."
    )
    replica_wait_ms: int = Field(20, ge=0, le=1000, description="For a replica to have what the primary has.")
    replica_stale_seconds: int = Field(120, ge=0, le=86_400, description="How old reads may be without a primary.")
    kontor_embedded: bool = Field(False, description="prod only: ask for the embedded database by name.")
    kontor_home: Path = BASE_DIR / ".kontor"
    kontor_admin_email: str = "admin@example.com"
    kontor_admin_password: str = Field("", description="First superuser's; generated and printed when unset.")

    backup_dir: str = Field("", description="Of the embedded database's backups; set: changes are streamed there.")
    backup_copy: str = Field("", repr=False, description="A second copy of it: folder:/a/path, or s3://...")
    backup_recipient: str = Field("", description="Encrypt them for this age recipient (age1...).")

    files_url: str = Field("", description="Where pictures are kept; unset: in the database. folder:, or s3://...")
    email_url: str = Field("", description="The mail server; unset: printed to the console, in prod not sent.")
    email_from: str = "Kontor <kontor@localhost>"
    alert_email: Annotated[CommaList, AfterValidator(known_addresses)] = Field(
        [], description="Who is written to of alerts; unset: active superusers."
    )
    site_url: str = Field("", description="Where Kontor is reached, for links in e-mails.")

    time_zone: Annotated[str, AfterValidator(known_zone)] = "UTC"
    default_phone_region: str = Field("US", pattern=r"^[A-Z]{2}$")
    default_currency: Annotated[str, AfterValidator(known_currency)] = "USD"
    payment_timeout_minutes: int = Field(15, ge=0, le=60 * 24 * 365, description="0: never expire.")
    cleanup_interval_minutes: int = Field(5, ge=1, le=59)
    sweep_unpaid_orders: bool = Field(True, description="Off: the worker cancels no overdue order.")
    max_stock_retry_attempts: int = Field(3, ge=1, le=20)
    stock_retry_backoff_ms: int = Field(100, ge=1, le=10_000)
    low_stock_threshold: int = Field(5, ge=0)
    require_idempotency_key: bool = False
    require_second_factor: bool = Field(False, description="Staff without one are led to set one up.")
    history_days: int = Field(730, ge=0, description="How long changes of records are kept; 0: for ever.")
    books_retention_years: int = Field(10, ge=1, le=100, description="Erased people's paid orders keep name, address.")
    lead_retention_days: int = Field(730, ge=0, description="Leads untouched for so long are deleted; 0: never.")
    email_retention_days: int = Field(1095, ge=0, description="E-mails to customers; 0: kept for ever.")
    deleted_retention_days: int = Field(365, ge=0, description="Deleted customers who never ordered; 0: for ever.")
    activity_retention_days: int = Field(0, ge=0, description="Notes of the timeline; 0: kept for ever.")
    stripe_secret_key: str = Field("", description="Unset: no payments through Stripe.")
    stripe_webhook_secret: str = Field("", description="What Stripe signs its webhooks with.")
    stripe_api_base: str = Field("", description="Another Stripe to talk to, for tests.")
    sandbox_provider_url: str = Field("", description="manage.py sandbox_provider; unset: no such payments.")
    sandbox_webhook_secret: str = Field("", description="What the sandbox signs its webhooks with: whsec_ + base64.")
    event_retention_days: int = Field(30, ge=1, description="How long events stay in the feed.")
    webhook_allow_hosts: CommaList = Field([], description="host:port: may be plain HTTP and private, for tests.")
    webhook_retention_days: int = Field(90, ge=1, description="How long what providers sent is kept.")
    order_limit_units: int = Field(100, ge=0, description="Of one variant in a customer's order; 0: no limit.")
    order_limit_unpaid_orders: int = Field(20, ge=0, description="A customer's that wait for payment; 0: no limit.")
    order_limit_held_units: int = Field(500, ge=0, description="In a customer's unpaid orders; 0: no limit.")
    order_limits_for: Literal["customers", "everyone"] = "customers"
    place_together: bool = Field(True, description="Write orders that wait in one process in one transaction.")

    @field_validator(
        *("allowed_hosts", "trusted_proxies", "webhook_allow_hosts", "database_replica_urls", "alert_email"),
        mode="before",
    )
    @classmethod
    def _split_commas(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("kontor_home")
    @classmethod
    def _make_absolute(cls, value: Path) -> Path:
        return (value if value.is_absolute() else BASE_DIR / value).absolute()

    @property
    def effective_live_port(self) -> int:
        return self.live_port or min(self.port + 1, 65535)

    @property
    def goes_through_pooler(self) -> bool:
        """Requests alone do: all else listens for notifications, keeps locks for a session or takes its time."""
        # Its web processes are forks and have its arguments, however it was started.
        command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
        return self.database_pooler == "transaction" and command == "serve"

    @property
    def effective_database_url(self) -> str:
        return self.database_url if self.goes_through_pooler else self.database_direct_url or self.database_url

    @property
    def backup_copy_options(self) -> dict[str, str]:
        """{}: there is no second copy, or none of this database."""
        return {} if self.database_url else checked_copy(self.backup_copy, self.backup_dir)

    @property
    def is_prod(self) -> bool:
        return self.kontor_env == "prod"

    @cached_property
    def effective_secret_key(self) -> str:
        """SECRET_KEY, or outside prod one made at first use and kept private in KONTOR_HOME."""
        if self.secret_key or self.is_prod:
            return self.secret_key
        return _kept_secret(self.kontor_home / "secret_key")

    def refuse_unsafe_production(self) -> None:
        """Raise ImproperlyConfigured when prod would start with settings meant for a developer's machine."""
        if not self.is_prod:
            return
        faults = []
        if len(self.secret_key) < 50 or len(set(self.secret_key)) < 5 or self.secret_key.startswith("django-insecure"):
            faults.append("SECRET_KEY must be set to a private random value of at least 50 characters")
        if self.debug:
            faults.append("DEBUG must be off")
        if self.sandbox_provider_url:
            faults.append("SANDBOX_PROVIDER_URL must be unset: its payments are play money")
        if not self.database_url and not self.kontor_embedded:
            faults.append("DATABASE_URL must be set (or KONTOR_EMBEDDED=1 to run on the embedded PostgreSQL)")
        if faults:
            raise ImproperlyConfigured("KONTOR_ENV=prod refuses to start: " + "; ".join(faults) + ".")


def _kept_secret(path: Path) -> str:
    """Read the secret, making it first if need be; two processes racing agree on the one that was linked first."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")


def load_env() -> Env:
    """Read the environment. Raises ImproperlyConfigured naming every bad variable."""
    name = os.environ.get("KONTOR_ENV") or "local"
    if name not in ENVIRONMENTS:
        raise ImproperlyConfigured(f"KONTOR_ENV={name!r}: choose one of {', '.join(ENVIRONMENTS)}.")
    try:
        env = Env(_env_file=BASE_DIR / f".env.{name}", kontor_env=name)  # type: ignore[call-arg,arg-type]
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise ImproperlyConfigured(f"Bad environment: {faults}.") from error
    if env.database_pooler != "none" and not (env.database_url and env.database_direct_url):
        raise ImproperlyConfigured(
            "DATABASE_POOLER=transaction needs DATABASE_URL (to the pooler) and DATABASE_DIRECT_URL (past it, for all "
            "processes but the web server)."
        )
    checked_copy(env.backup_copy, env.backup_dir)
    check_tracing(env.otel_exporter_otlp_endpoint)
    env.refuse_unsafe_production()
    return env


env = load_env()
