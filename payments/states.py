"""What a provider can say of an attempt to pay, and how what it says is put together.

Pure: no database. Providers send their news twice, late and in any order. So states are merged, not followed: each
amount and the status only ever grow, and whatever the order of the news, the same state comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IntentStatus(TextChoices):
    """FAILED: declined, but a later try of the payer's may still succeed. VOIDED: nothing will ever be captured."""

    CREATED = "created", _("Begun")
    REQUIRES_ACTION = "requires_action", _("Waits for the payer")
    FAILED = "failed", _("Failed")
    AUTHORISED = "authorised", _("Authorised")
    PARTIALLY_CAPTURED = "partially_captured", _("Partly captured")
    VOIDED = "voided", _("Voided")
    CAPTURED = "captured", _("Captured")


# Declared in the order in which news overrides other news.
_RANK: Mapping[str, int] = MappingProxyType({status.value: place for place, status in enumerate(IntentStatus)})

OPEN = (
    IntentStatus.CREATED,
    IntentStatus.REQUIRES_ACTION,
    IntentStatus.AUTHORISED,
    IntentStatus.PARTIALLY_CAPTURED,
)
# Begun: the payer has not agreed to any amount yet, or was declined, and may try again where it was.
UNAUTHORISED = (IntentStatus.CREATED, IntentStatus.REQUIRES_ACTION, IntentStatus.FAILED)
# What may still bring money, and so can be given up.
VOIDABLE = (*OPEN, IntentStatus.FAILED)
CAPTURABLE = (IntentStatus.AUTHORISED, IntentStatus.PARTIALLY_CAPTURED)
OVER = (IntentStatus.VOIDED, IntentStatus.CAPTURED)


@dataclass(frozen=True, slots=True)
class State:
    """`authorised` and `captured` are sums over the intent's life, in its currency."""

    status: str = IntentStatus.CREATED
    authorised: Decimal = Decimal(0)
    captured: Decimal = Decimal(0)


def merge(known: State, told: State) -> State:
    """What holds after both: commutative, associative, idempotent. Money that was captured is never un-captured: what
    goes back is a refund, and a state of its own."""
    captured = max(known.captured, told.captured)
    authorised = max(known.authorised, told.authorised, captured)
    status = max(known.status, told.status, key=_RANK.__getitem__)
    merged = State(status, authorised, captured)
    if not captured or status == IntentStatus.CAPTURED:
        return merged
    # Money is here, whatever else is said: what was voided was the rest, and no more will come.
    is_over = status == IntentStatus.VOIDED
    return replace(merged, status=IntentStatus.CAPTURED if is_over else IntentStatus.PARTIALLY_CAPTURED)
