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
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shared.concurrency.read_index import PrimaryAway, primary_mark
from shared.database import time_limit as database_time
from shared.database.conflicts import READ_ONLY
from shared.database.replica import AWAY_PAUSE, LATE_PAUSE, Mark, Replica, Replicas
from shared.http.per_request import keeping
from shared.metrics.names import REPLICA_READS
from shared.metrics.recording import add

log = structlog.get_logger("kontor.replicas")

STALE_HEADER: Final = "Kontor-Stale"
# The API's reads, and the admin's start page and lists. Not its forms, which show what is about to be changed, nor
# downloads that go on being read while they are sent; not signing in; not what the audit says.
_READS: Final = re.compile(r"/api/v1/(?!auth/|webhooks/)|/admin/(?:[a-z_]+/[a-z_]+/|reports/[a-z_/]*)?$")
_GRAPHQL: Final = "/api/graphql"
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
        try:
            mark: Mark | None = primary_mark()
        except PrimaryAway:
            mark = None
        response = self._read_from_replica(request, mark)
        if response is not None:
            return response
        with keeping():
            return self.get_response(request)

    def _read_from_replica(self, request: HttpRequest, mark: Mark | None) -> HttpResponseBase | None:
        """None: the primary is to be asked. `mark` unset: there is none, and what a replica has is better than
        nothing."""
        with self._replicas.take() as replica:
            way, response = self._try_replica(replica, request, mark) if replica else ("away", None)
        add(REPLICA_READS, way)
        return response

    def _try_replica(
        self, replica: Replica, request: HttpRequest, mark: Mark | None
    ) -> tuple[str, HttpResponseBase | None]:
        is_there = replica.has_replayed(mark, within=settings.REPLICA_WAIT_MS / 1000)
        if not is_there:
            replica.out_until = time.monotonic() + (AWAY_PAUSE if is_there is None else LATE_PAUSE)
            return ("away" if is_there is None else "late"), None
        untouched = dict(vars(request))
        here = replica.in_place_of_primary(is_stale=mark is None)
        with here as notes, database_time.at_most(database_time.seconds_left() / 2):
            response = self.get_response(request)
        if notes.refused is None:
            if mark is None:
                response[STALE_HEADER] = "true"
            return ("replica" if mark else "stale"), response
        response.close()
        vars(request).clear()
        vars(request).update(untouched)
        is_write = notes.refused.sqlstate == READ_ONLY
        log.warning("read_goes_to_primary", path=request.path, writes=is_write, detail=str(notes.refused).strip())
        return ("written" if is_write else "failed"), None


def _only_reads(request: HttpRequest) -> bool:
    path = request.path_info
    if request.method in ("GET", "HEAD"):
        return _READS.match(path) is not None
    if request.method != "POST" or path.rstrip("/") != _GRAPHQL:
        return False
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isascii() and length.isdigit() and int(length) <= _MOST_BYTES and b"mutation" not in request.body
