"""Structured logs: one JSON object a line on stderr (a readable line under DEBUG)."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from config.environment.variables import env

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_RENDERER = structlog.dev.ConsoleRenderer() if env.debug else structlog.processors.JSONRenderer()


class LineLogger:
    """Writes our own lines; the levels in LOGGING count for it. Through logging's records, handlers and formatters an
    order's one line cost a tenth of the order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_enabled_for = logging.getLogger(name).isEnabledFor

    def write(self, line: str) -> None:
        """One write, so that lines of several threads and processes never mix."""
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = write


_LEVELS = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error", "critical")}


def _drop_below_level(logger: LineLogger, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if not logger.is_enabled_for(_LEVELS[method]):
        raise structlog.DropEvent
    return event


structlog.configure(
    processors=[_drop_below_level, *_SHARED, structlog.processors.format_exc_info, _RENDERER],
    logger_factory=LineLogger,
    wrapper_class=structlog.BoundLogger,
    cache_logger_on_first_use=True,
)


def _has_no_line_yet(record: logging.LogRecord) -> bool:
    """An API's 503 is logged with its reason (shared.http.problem_details): Django's line beside it says less."""
    path = getattr(getattr(record, "request", None), "path", "")
    return not (getattr(record, "status_code", 0) == 503 and str(path).startswith("/api/"))


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "has_no_line_yet": {"()": "django.utils.log.CallbackFilter", "callback": _has_no_line_yet},
        "one_line": {"()": "django.utils.log.CallbackFilter", "callback": _without_traceback},
    },
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _RENDERER,
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},
        # Every refused request has its own line with its reason (shared.http.problem_details).
        "django.request": {"level": "ERROR", "filters": ["has_no_line_yet"]},
        # What a stranger sent, an unknown Host say, is no fault of the code.
        "django.security": {"level": "WARNING"},
        "django.security.DisallowedHost": {"filters": ["one_line"]},
        "django.server": {"level": "INFO"},
        "kontor": {"level": "INFO"},
        "procrastinate": {"level": "WARNING"},
    },
}
