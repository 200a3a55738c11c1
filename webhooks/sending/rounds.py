"""One round of work with the database: what was tried is written down, new events become deliveries, and what is due
is taken. No request is on its way meanwhile in this thread, and no transaction is open when one is."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from events.feed.reading import last_position
from shared.clock import database_now
from webhooks.sending.post import Post
from webhooks.sending.preparing import Owners, prepare_posts
from webhooks.services.claim_deliveries import LEASE, Work, claim_deliveries, find_work
from webhooks.services.record_attempts import Outcome, record_attempts
from webhooks.services.relay_events import relay_events

# Taken for an endpoint at a time: three times what is on its way at once; more, where answers come quickly.
MOST_AN_ENDPOINT, MOST_OF_A_QUICK_ONE = 30, 200
_QUICK_MILLISECONDS = 200
# The part of a lease after which what was taken is not begun any more.
_BEGIN_WITHIN = 0.6
# Batches of new events an endpoint gets in a round: what another one has to send does not wait for a long replay.
_RELAYS = 2


class Rounds:
    """`lease`: how long a claimed delivery belongs to this sender."""

    def __init__(self, *, lease: timedelta = LEASE) -> None:
        self._owners = Owners()
        self._lease = lease
        self._quick: set[UUID] = set()

    def run(self, outcomes: dict[UUID, list[Outcome]], taken: Mapping[UUID, int], room: int) -> list[Post]:
        """`outcomes` and `taken` are by endpoint: tries that have ended, deliveries that are with this sender still.
        Up to `room` new ones. What was written down is taken out of `outcomes`, however the round ends."""
        for endpoint_id in list(outcomes):
            record_attempts(endpoint_id=endpoint_id, outcomes=outcomes[endpoint_id], now=database_now())
            self._note_pace(endpoint_id, outcomes.pop(endpoint_id))
        last, now = last_position(), database_now()
        posts: list[Post] = []
        found = find_work(now=now, last=last)
        share = max(room // len(found), 1) if found else 0  # nobody's backlog takes the room of others
        for work in found:
            relayed = work.in_feed and self._relay(work, last)
            at_once = MOST_OF_A_QUICK_ONE if work.endpoint_id in self._quick else MOST_AN_ENDPOINT
            most = min(at_once - taken.get(work.endpoint_id, 0), share, room - len(posts))
            if (work.is_due or relayed) and most > 0:
                posts += self._claim(work.endpoint_id, most)
        return posts

    def _relay(self, work: Work, last: int) -> bool:
        owner = self._owners.owner_of(work.owner_id)
        for _ in range(_RELAYS if owner is not None else 0):
            if not relay_events(endpoint_id=work.endpoint_id, owner=owner, last=last):
                break
        return owner is not None

    def _note_pace(self, endpoint_id: UUID, ended: Sequence[Outcome]) -> None:
        if all(outcome.is_success and outcome.milliseconds < _QUICK_MILLISECONDS for outcome in ended):
            self._quick.add(endpoint_id)
        else:
            self._quick.discard(endpoint_id)

    def _claim(self, endpoint_id: UUID, most: int) -> list[Post]:
        now, begun_by = database_now(), time.monotonic() + self._lease.total_seconds() * _BEGIN_WITHIN
        claimed = claim_deliveries(endpoint_id=endpoint_id, now=now, most=most, lease=self._lease)
        if claimed is None:
            return []
        owner = self._owners.owner_of(claimed.endpoint.owner_id)
        prepared = prepare_posts(claimed, owner=owner, now=now, begun_by=begun_by)
        if prepared.refused:
            record_attempts(endpoint_id=endpoint_id, outcomes=prepared.refused, now=now)
        return prepared.posts


def by_endpoint(ended: Sequence[tuple[UUID, Outcome]]) -> dict[UUID, list[Outcome]]:
    found: dict[UUID, list[Outcome]] = defaultdict(list)
    for endpoint_id, outcome in ended:
        found[endpoint_id].append(outcome)
    return found
