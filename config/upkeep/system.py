"""All that System shows, in its order."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from django.conf import settings
from django.utils.translation import get_language

from config.metrics.states import States
from config.upkeep.alerts.part import alerts_part
from config.upkeep.database import database_parts, health_part
from config.upkeep.operations import operations_part
from config.upkeep.replication import ask_configured, replication_part
from config.upkeep.report import ALL_SECONDS, ReadPart, read_parts
from config.upkeep.states import state_parts
from shared.database import time_limit as database_time

# Where the server says nothing, not even that the time is over.
_GRACE_SECONDS = 1.0


def read_system() -> Sequence[ReadPart]:
    """Some twenty bounded statements, as they are now."""
    began = monotonic()
    with database_time.at_most(ALL_SECONDS + _GRACE_SECONDS):
        # Each by itself already, and the network waits for nothing: in no transaction.
        look, asked = States(keeps_connection=True).look(), ask_configured()
        parts = (
            *(health_part(), alerts_part(), *state_parts(look), operations_part()),
            *(*database_parts(), replication_part(asked)),
        )
        return list(read_parts(parts, seconds=ALL_SECONDS - (monotonic() - began)))


@dataclass(slots=True)
class KeptSystem:
    """For pages, which somebody may load again and again while the house burns: read by one thread at a time, and kept
    for SYSTEM_KEPT_SECONDS in each language."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: dict[str | None, tuple[float, Sequence[ReadPart]]] = field(default_factory=dict)

    def read(self) -> Sequence[ReadPart]:
        with database_time.all_counts(), self._lock:
            read_at, parts = self._kept.get(get_language(), (-1e9, ()))
            if monotonic() - read_at >= settings.SYSTEM_KEPT_SECONDS:
                parts = read_system()
                self._kept[get_language()] = monotonic(), parts
            return parts
