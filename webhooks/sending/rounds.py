"""One round of work with the database: what was tried is written down, new events become deliveries, and what is due
is taken. No request is on its way meanwhile in this thread, and no transaction is open when one is."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError

from events.feed.reading import last_position
from shared.clock import database_now
from users.models.user import User
from webhooks.sending.post import Post
from webhooks.sending.preparing import Owners, Prepared, is_cut_off, prepare_posts, unread
from webhooks.services.claim_deliveries import (
    LEASE,
    Claimed,
    Work,
    claim_deliveries,
    find_work,
    release_deliveries,
)
from webhooks.services.record_attempts import Outcome, record_attempts
from webhooks.services.relay_events import relay_events

# Taken for an endpoint at a time: three times what is on its way at once; more, where answers come quickly.
MOST_AN_ENDPOINT, MOST_OF_A_QUICK_ONE = 30, 200
_QUICK_MILLISECONDS = 200
# The part of a lease after which what was taken is not begun any more.
_BEGIN_WITHIN = 0.6
# Batches of new events an endpoint gets in a round: what another one has to send does not wait for a long replay.
_RELAYS = 2

log = structlog.get_logger("kontor.webhooks")


class Rounds:
    """`lease`: how long a claimed delivery belongs to this sender."""

    def __init__(self, *, lease: timedelta = LEASE) -> None:
        self._owners = Owners()
        self._lease = lease
        self._quick: set[UUID] = set()
        self._is_stopping = False

    def stop(self) -> None:
        """Take nothing more; from any thread."""
        self._is_stopping = True

    def run(self, outcomes: dict[UUID, list[Outcome]], taken: Mapping[UUID, int], room: int) -> list[Post]:
        """`outcomes` and `taken` are by endpoint: tries that have ended, deliveries that are with this sender still.
        Up to `room` new ones. What was written down is taken out of `outcomes`, however the round ends; what there was
        nothing to send for, and could not be written down, is put in.

        Whatever goes wrong with one endpoint, the others have their turn. Raises only when the database is gone, and
        nothing is taken yet.
        """
        self.write_down(outcomes)
        last, now = last_position(), database_now()
        posts: list[Post] = []
        found = find_work(now=now, last=last)
        share = max(room // len(found), 1) if found else 0  # nobody's backlog takes the room of others
        try:
            for work in found:
                at_once = MOST_OF_A_QUICK_ONE if work.endpoint_id in self._quick else MOST_AN_ENDPOINT
                most = min(at_once - taken.get(work.endpoint_id, 0), share, room - len(posts))
                with _apart(work.endpoint_id):
                    self._serve(work, last, most, posts, outcomes)
        except Exception:
            if not posts:
                raise
            log.error("webhook_round_cut_short", exc_info=True)  # what is taken is sent, not left until its lease ends
        return posts

    def write_down(self, outcomes: dict[UUID, list[Outcome]]) -> None:
        """Those that could be are taken out."""
        for endpoint_id in list(outcomes):
            with _apart(endpoint_id):
                _record(endpoint_id, outcomes[endpoint_id])
                self._note_pace(endpoint_id, outcomes.pop(endpoint_id))

    def _serve(self, work: Work, last: int, most: int, posts: list[Post], outcomes: dict[UUID, list[Outcome]]) -> None:
        owner = None if self._is_stopping else self._owners.owner_of(work.owner_id)
        if owner is None:
            return  # paused: what is due goes on waiting
        if work.in_feed:
            with _apart(work.endpoint_id):  # what is due does not wait for it
                self._relay(work.endpoint_id, owner, last)
        if most > 0 and (work.is_due or work.in_feed):
            self._claim(work.endpoint_id, owner, most, posts, outcomes)

    def _relay(self, endpoint_id: UUID, owner: User, last: int) -> None:
        for _ in range(_RELAYS):
            if not relay_events(endpoint_id=endpoint_id, owner=owner, last=last):
                break

    def _note_pace(self, endpoint_id: UUID, ended: Sequence[Outcome]) -> None:
        if all(outcome.is_success and outcome.milliseconds < _QUICK_MILLISECONDS for outcome in ended):
            self._quick.add(endpoint_id)
        else:
            self._quick.discard(endpoint_id)

    def _claim(
        self, endpoint_id: UUID, owner: User, most: int, posts: list[Post], outcomes: dict[UUID, list[Outcome]]
    ) -> None:
        now, begun_by = database_now(), time.monotonic() + self._lease.total_seconds() * _BEGIN_WITHIN
        claimed = claim_deliveries(endpoint_id=endpoint_id, now=now, most=most, lease=self._lease)
        if claimed is None:
            return
        prepared = _prepared(claimed, owner, now, begun_by)
        posts += prepared.posts
        if prepared.refused:
            outcomes.setdefault(endpoint_id, []).extend(prepared.refused)
            _record(endpoint_id, outcomes[endpoint_id])
            del outcomes[endpoint_id]
        if prepared.put_back:
            release_deliveries(endpoint_id=endpoint_id, delivery_ids=prepared.put_back, now=now)


def _prepared(claimed: Claimed, owner: User, now: datetime, begun_by: float) -> Prepared:
    """Tries that come to nothing are counted: else they would come to nothing for ever."""
    try:
        return prepare_posts(claimed, owner=owner, now=now, begun_by=begun_by)
    except Exception:
        if is_cut_off():
            raise
        log.error("webhook_payloads_failed", endpoint=str(claimed.endpoint.pk), exc_info=True)
        return Prepared([], [unread(delivery, now) for delivery in claimed.deliveries], [])


def _record(endpoint_id: UUID, outcomes: Sequence[Outcome]) -> None:
    """What cannot be kept as it came is kept without what the receiver wrote. Raises when another time may help."""
    for told in (outcomes, [_plain(outcome) for outcome in outcomes]):
        try:
            record_attempts(endpoint_id=endpoint_id, outcomes=told, now=database_now())
            return
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.error("webhook_outcomes_unwritten", endpoint=str(endpoint_id), exc_info=True)


def _plain(outcome: Outcome) -> Outcome:
    return replace(outcome, headers={}, answer="", error=outcome.error.encode("ascii", "replace").decode())


@contextmanager
def _apart(endpoint_id: UUID) -> Iterator[None]:
    """What goes wrong with one endpoint is logged, and holds up no other one. Raises when the database is gone."""
    try:
        yield
    except Exception:
        if is_cut_off():
            raise
        log.error("webhook_endpoint_passed_over", endpoint=str(endpoint_id), exc_info=True)


def by_endpoint(ended: Sequence[tuple[UUID, Outcome]]) -> dict[UUID, list[Outcome]]:
    found: dict[UUID, list[Outcome]] = defaultdict(list)
    for endpoint_id, outcome in ended:
        found[endpoint_id].append(outcome)
    return found
