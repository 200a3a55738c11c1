"""Requests that only read are answered by a replica, if one has everything that the primary had when they came.

So nobody ever reads what is older than what anybody was told before: the primary is asked how far it is, which is a
fraction of a millisecond, and a replica that is not there within REPLICA_WAIT_MS is not waited for any longer. No
cookie, no token: it holds for every client and between clients (docs/decisions/replicas.md).
"""

import re
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shared.concurrency.read_index import PrimaryAway, PrimaryRefuses, primary_mark
from shared.database import time_limit as database_time
from shared.database.conflicts import READ_ONLY
from shared.database.replica import AWAY_PAUSE, LATE_PAUSE, NotHere, Replica, Replicas, can_only_read
from shared.http.per_request import keeping
from shared.metrics.names import REPLICA_READS
from shared.metrics.recording import add

log = structlog.get_logger("kontor.replicas")

STALE_HEADER: Final = "Kontor-Stale"
# The API's reads, and the admin's start page and lists. Not its forms, which show what is about to be changed, nor
# downloads that go on being read while they are sent; not signing in; not what the audit says.
_READS: Final = re.compile(r"/api/v1/(?!auth/|webhooks/)|/admin/(?:[a-z_]+/[a-z_]+/|reports/[a-z_/]*)?$")
_GRAPHQL: Final = "/api/graphql"
# Of a request's time at the database, for the primary when a replica has failed.
RESERVE_SECONDS: Final = 1.0
_MOST_BYTES: Final = 64 * 1024  # of a query: longer ones are read by the primary


class ReplicaMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.DATABASE_REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._replicas = Replicas(settings.DATABASE_REPLICAS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _only_reads(request) or connection.in_atomic_block:
            return self.get_response(request)
        with self._replicas.take() as replica:
            way, response = self._try_replica(replica, request) if replica else ("away", None)
        if way:
            add(REPLICA_READS, way)
        if response is not None:
            return response
        with keeping():
            return self.get_response(request)

    def _try_replica(self, replica: Replica, request: HttpRequest) -> tuple[str, HttpResponseBase | None]:
        """What became of it, and the answer. No answer: the primary is to be asked; no word: nobody was."""
        untouched, seconds = dict(vars(request)), database_time.seconds_left()
        here = replica.in_place_of_primary(admit=lambda: _admit(replica))
        try:
            with here as notes, database_time.at_most(seconds - RESERVE_SECONDS):
                response = self.get_response(request)
        except NotHere as reason:
            _restore(request, untouched)
            return reason.way, None
        if notes.refused is None:
            if notes.is_stale:
                response[STALE_HEADER] = "true"
            return ("stale" if notes.is_stale else "replica" if notes.has_begun else ""), response
        response.close()
        _restore(request, untouched)
        is_write = notes.refused.sqlstate == READ_ONLY
        log.warning("read_goes_to_primary", path=request.path, writes=is_write, detail=str(notes.refused).strip())
        if database_time.seconds_left() < seconds / 2:  # once more, it would be cut short, and load the primary
            add(REPLICA_READS, "failed")
            raise OperationalError("A replica could not go on with a long read.") from notes.refused
        return ("written" if is_write else "failed"), None


def _admit(replica: Replica) -> bool:
    """Whether what it has may be old since there is no primary. Raises NotHere when it is not to be read."""
    try:
        is_there = replica.has_replayed(primary_mark(), within=settings.REPLICA_WAIT_MS / 1000)
        is_stale = False
    except PrimaryAway:
        is_there, is_stale = replica.is_recent(settings.REPLICA_STALE_SECONDS), True
    except PrimaryRefuses:
        raise NotHere("failed") from None
    if is_there:
        return is_stale
    replica.out_until = time.monotonic() + (AWAY_PAUSE if is_there is None else LATE_PAUSE)
    raise NotHere("away" if is_there is None else "late")


def _restore(request: HttpRequest, untouched: dict[str, object]) -> None:
    vars(request).clear()
    vars(request).update(untouched)


def staleness(_request: HttpRequest) -> dict[str, object]:
    """For pages: whether this one may be old, as there is no primary."""
    return {"is_stale": can_only_read}


def may_read_replica(path: str) -> bool:
    """Whether a replica may answer a GET of it."""
    return _READS.match(path) is not None


def _only_reads(request: HttpRequest) -> bool:
    path = request.path_info
    if request.method in ("GET", "HEAD"):
        return may_read_replica(path)
    if request.method != "POST" or path.rstrip("/") != _GRAPHQL:
        return False
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isascii() and length.isdigit() and int(length) <= _MOST_BYTES and b"mutation" not in request.body
