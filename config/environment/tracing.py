"""Traces: their variables are OpenTelemetry's own, and so is what sends them, which is installed beside Kontor."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from config.environment.variables import Env

_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
_PACKAGES = "opentelemetry-sdk opentelemetry-exporter-otlp-proto-http"


def check_tracing(endpoint: str) -> None:
    """Raises ImproperlyConfigured."""
    if not endpoint:
        return
    if not endpoint.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{_VARIABLE}: http://host:4318 or https://…: OTLP over HTTP.")
    # The packages share their first two names with one that many others bring.
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None or not _has_exporter():
        raise ImproperlyConfigured(f"{_VARIABLE}: install {_PACKAGES} beside Kontor, or unset it.")


def _has_exporter() -> bool:
    try:
        return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        return False


def tracing_variables(env: "Env") -> dict[str, str]:
    """As OpenTelemetry reads them; those of Kontor's own file are not in the environment."""
    return {
        _VARIABLE: env.otel_exporter_otlp_endpoint,
        "OTEL_TRACES_SAMPLER": env.otel_traces_sampler,
        "OTEL_TRACES_SAMPLER_ARG": str(env.otel_traces_sampler_arg),
    }
