"""Structured logs: one JSON object a line on stderr (a readable line under DEBUG)."""

import logging
from typing import Any

import structlog

from config.env import env

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

# What no line shows need not be found out for every line: https://docs.python.org/3/howto/logging.html#optimization
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

_RENDERER = structlog.dev.ConsoleRenderer() if env.debug else structlog.processors.JSONRenderer()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
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
        # Every refused request has its own line with its reason (shared.problem_details).
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "INFO"},
        "kontor": {"level": "INFO"},
        "procrastinate": {"level": "WARNING"},
    },
}
