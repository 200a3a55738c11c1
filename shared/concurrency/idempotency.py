"""Doing what a request asks once, however often it is sent under one key (docs/decisions/idempotency-keys.md).

The key is a row that commits with what the request did. What answers a repeated request is looked up as it is now.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.clock import database_now
from shared.database.conflicts import LOCK_NOT_AVAILABLE, ConcurrentUpdate, DuplicateInFlight, sqlstate
from shared.database.insert_rows import insert_rows
from shared.database.set_columns import set_columns
from shared.database.transactions import one_transaction, retry_transaction
from shared.errors import Refusal, Unavailable
from shared.ids import new_id
from shared.models.idempotency_key import IdempotencyKey
from shared.planner.compiled import compiled_rows

T = TypeVar("T")
Answer = dict[str, Any]
# Longer than a request and all it asks of a provider may take: whoever holds a key for longer is gone.
LEASE = timedelta(seconds=90)
_POLL_SECONDS = 0.1
# Kept in place of an answer where the outcome is open: whoever sends the key again goes on.
_OPEN: Answer = {"open": True}


class IdempotencyKeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 422
    title = _("The idempotency key was used for another request")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose key it is and what is asked for under it: `fingerprint` is a hash of the route and the body."""

    principal_id: UUID
    key: str
    route: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """`result` is None when it was done before: `answer` then says what came of it."""

    result: T | None
    answer: Answer


class _NotDone(Exception):
    """Rolls the transaction back, and the key with it."""


def do_once(*, claim: Claim, work: Callable[[], T], describe: Callable[[T], Answer | None]) -> Done[T]:
    """Run `work` in one transaction with the key, unless the key has done the same before. `describe` says what to
    keep of its result; None: that it was refused, and nothing is kept.

    `work`'s own outermost transactions become part of this one, and the whole is the unit of retry. A duplicate in
    flight is waited for. Raises IdempotencyKeyReused, Unavailable, and what `work` raises; nothing is left then. Locks:
    the key (by inserting it), then what `work` locks.
    """
    key_id = new_id()

    def attempt(_again: bool) -> Done[T]:
        with one_transaction():
            earlier = _insert_key(claim, key_id)
            if earlier is not None:
                return Done(None, earlier.answer or {})
            result = work()
            answer = describe(result)
            if answer is None:
                # Carried out beside the exception: rolling back is the only way to leave no key behind.
                refused.append(result)
                raise _NotDone
            set_columns(IdempotencyKey, [key_id], {"answer": answer})
        return Done(result, answer)

    refused: list[T] = []
    try:
        return retry_transaction(attempt, name="do_once")
    except _NotDone:
        return Done(refused[-1], {})


def do_in_steps(*, claim: Claim, work: Callable[[UUID], T], describe: Callable[[T], Answer | None]) -> Done[T]:
    """As do_once, for work that commits several times or asks a provider: it is given the key's id and must find under
    it what an earlier run began.

    The key is committed first. A refusal takes it back; where the outcome is open (no answer in time, a crash) it stays
    and whoever sends it again goes on. Never in a transaction. A duplicate in flight is waited for until the request's
    deadline, then Unavailable.
    """
    row = retry_transaction(lambda _again: _begin_key(claim), name="begin_steps")
    if row.answer is not None:
        return Done(None, row.answer)
    try:
        result = work(row.pk)
    # Nobody knows whether the provider did it: the key stays, and whoever sends it again goes on where this one was.
    except Unavailable:
        _finish_key(row, _OPEN)
        raise
    except Refusal:
        _forget_key(row)
        raise
    except Exception:
        _finish_key(row, _OPEN)
        raise
    answer = describe(result)
    if answer is None:
        _forget_key(row)
    else:
        _finish_key(row, answer)
    return Done(result, answer or {})


def _insert_key(claim: Claim, key_id: UUID) -> IdempotencyKey | None:
    """None when the key is ours now, else its row. Waits for whoever is inserting it."""
    row = IdempotencyKey(
        id=key_id,
        principal_id=claim.principal_id,
        key=claim.key,
        fingerprint=claim.fingerprint,
        route=claim.route,
        created_at=database_now(),
    )
    try:
        insert_rows([row], ignore_conflicts=True)
    except OperationalError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise DuplicateInFlight("Another request with the same key is under way.") from error
        raise
    # Read again even if ours went in: with ignore_conflicts the database does not say which of the two happened.
    rows = _keys_of(principal_id=claim.principal_id, key=claim.key)
    if not rows:
        raise ConcurrentUpdate("The key was purged while we looked.")
    found = rows[0]
    if found.fingerprint != claim.fingerprint:
        raise IdempotencyKeyReused(gettext("This key was used for another request. Use a new key for a new request."))
    return None if found.pk == key_id and found.answer is None else found


@compiled_rows
def _keys_of(*, principal_id: UUID, key: str) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(principal_id=principal_id, key=key)


def _begin_key(claim: Claim) -> IdempotencyKey:
    """The key's row: with an answer when it is done, else ours to go on with."""
    give_up_at = time.monotonic() + settings.REQUEST_DEADLINE_SECONDS
    key_id = new_id()
    while True:
        found = _insert_key(claim, key_id)
        if found is None:
            return IdempotencyKey.objects.get(pk=key_id)
        if found.answer not in (None, _OPEN) or _take_over(found):
            return found
        if time.monotonic() + _POLL_SECONDS >= give_up_at:
            raise Unavailable(gettext("The same request is under way. Send it again in a moment."))
        # Polled, not locked: the other run commits several times and asks a provider, and holds no lock in between.
        time.sleep(_POLL_SECONDS)


def _take_over(found: IdempotencyKey) -> bool:
    """Whether nobody else is at it, and it is ours now."""
    now: datetime = database_now()
    if found.answer is None and found.created_at > now - LEASE:
        return False
    # Compare and set: of several that find the lease over at once, one sees the time that it has read.
    seen = IdempotencyKey.objects.filter(pk=found.pk, created_at=found.created_at)
    found.answer = None
    return bool(seen.update(answer=None, created_at=now))


def _finish_key(row: IdempotencyKey, answer: Answer) -> None:
    retry_transaction(
        lambda _again: IdempotencyKey.objects.filter(pk=row.pk).update(answer=answer), name="finish_steps"
    )


def _forget_key(row: IdempotencyKey) -> None:
    retry_transaction(lambda _again: IdempotencyKey.objects.filter(pk=row.pk).delete(), name="forget_key")
