"""Write down what came of tries to send, and decide how it goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from webhooks.deliveries.schedule import FAILING_FOR, hold_after, pause_after, requested_pause
from webhooks.models.attempt import Attempt
from webhooks.models.delivery import Delivery, DeliveryState
from webhooks.models.endpoint import DisabledReason, Endpoint
from webhooks.services.disable_endpoint import disable_locked

ANSWER_BYTES = 4 * 1024
_GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one try. `status`: what was answered, None if nothing was. `is_final`: there is no use in another try.
    `is_ours`: it did not come to sending; the try counts, but not against the receiver."""

    delivery_id: UUID
    at: datetime
    milliseconds: int
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    error: str = ""
    is_final: bool = False
    is_ours: bool = False

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@transaction.atomic
def record_attempts(*, endpoint_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Keep the tries, all of one endpoint, and set each delivery's next one by the schedule.

    410 disables the endpoint; ten failures in a row let one delivery at a time through; five days of nothing else
    disable it, too. Locks: the endpoint. What became of a deleted endpoint's is dropped.
    """
    # Not lock_endpoint: one that was deleted while its tries were under way is no error here.
    endpoint = Endpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id, deleted_at=None).first()
    if endpoint is None:
        return
    Attempt.objects.bulk_create(_attempt_of(outcome) for outcome in outcomes)
    _finish([outcome.delivery_id for outcome in outcomes if outcome.is_success], DeliveryState.DELIVERED, now)
    failed = {outcome.delivery_id: outcome for outcome in outcomes if not outcome.is_success}
    for delivery in Delivery.objects.filter(pk__in=list(failed)) if failed else ():
        _try_later(delivery, failed[delivery.pk], now)
    _follow_endpoint(endpoint, outcomes, now)


def _attempt_of(outcome: Outcome) -> Attempt:
    return Attempt(
        delivery_id=outcome.delivery_id,
        at=outcome.at,
        status=outcome.status,
        milliseconds=outcome.milliseconds,
        answer=outcome.answer,
        error=outcome.error[:300],
    )


def _finish(delivery_ids: Sequence[UUID], state: DeliveryState, now: datetime) -> None:
    if delivery_ids:
        Delivery.objects.filter(pk__in=delivery_ids).update(state=state, done_at=now, leased_until=None)


def _try_later(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    tries = delivery.tries + 1
    pause = None if outcome.is_final else pause_after(tries)
    # PENDING alone: a late failure must not undo what another sender delivered after this one's lease.
    row = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING)
    if pause is None:
        row.update(tries=tries, state=DeliveryState.FAILED, done_at=now, leased_until=None)
        return
    requested = requested_pause(outcome.status, outcome.headers, now=now)
    # Retry-After may lengthen the schedule's pause, never shorten it.
    row.update(tries=tries, due_at=now + max(pause, requested or pause), leased_until=None)


def _follow_endpoint(endpoint: Endpoint, told: Sequence[Outcome], now: datetime) -> None:
    """Failures count in the order in which the tries ended."""
    of_receiver = (outcome for outcome in told if not outcome.is_final and not outcome.is_ours)
    answers = sorted(of_receiver, key=lambda outcome: outcome.at)
    if not answers:
        return
    before = (endpoint.failures, endpoint.failing_since, endpoint.held_until)
    for outcome in answers:
        if outcome.is_success:
            endpoint.failures, endpoint.failing_since, endpoint.held_until = 0, None, None
            continue
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or outcome.at
        asked = requested_pause(outcome.status, outcome.headers, now=now)
        if holds := [pause for pause in (hold_after(endpoint.failures), asked) if pause is not None]:
            endpoint.held_until = now + max(holds)
    if (endpoint.failures, endpoint.failing_since, endpoint.held_until) != before:
        endpoint.save(update_fields=["failures", "failing_since", "held_until"])
    if any(outcome.status == _GONE for outcome in answers):
        disable_locked(endpoint, reason=DisabledReason.GONE)
    elif endpoint.failing_since is not None and endpoint.failing_since <= now - FAILING_FOR:
        disable_locked(endpoint, reason=DisabledReason.FAILING)
