"""What Kontor asks of whoever moves money, and the words for what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from orders.states import DisputeFunds, DisputeStatus
from payments.states import State
from shared.errors import Refusal


class ProviderRefused(Exception):
    """The provider understood and said no: asking again would change nothing."""


class ProviderUnsure(Exception):
    """No answer, or none that says what was done: ask again under the same key."""


class BadSignature(Refusal):
    code = "bad_signature"
    status = 400
    title = _("The signature does not fit the message")


class BadNotice(Exception):
    """A signed message that makes no sense to us."""


@dataclass(frozen=True, slots=True)
class NewIntent:
    """`intent_id` is ours and comes back in webhooks: they may overtake the answer that names the provider's id.
    `amount` is in major units of `currency`."""

    intent_id: UUID
    order_number: str
    amount: Decimal
    currency: str
    method: str
    captures_at_once: bool


@dataclass(frozen=True, slots=True)
class KnownIntent:
    """An intent as we know it, for asking something about it."""

    intent_id: UUID
    provider_id: str
    currency: str
    state: State


@dataclass(frozen=True, slots=True)
class IntentTerms:
    """What an intent was begun over, as its provider keeps it: enough to write it down anew."""

    amount: Decimal
    method: str
    captures_at_once: bool
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class IntentReport:
    """What a provider says of one intent. Amounts are in major units. Without an `intent_id` it is not one of ours."""

    provider_id: str
    state: State
    currency: str
    failure: str = ""
    action_url: str = ""
    intent_id: UUID | None = None
    order_number: str = ""
    terms: IntentTerms | None = None


@dataclass(frozen=True, slots=True)
class RefundReport:
    """`is_done` None: under way. `key`: of the operation that asked for it, where the provider tells; a refund without
    one was made at the provider. `amount` (major units of `currency`) is of the intent `intent_id` (the provider's)."""

    provider_id: str
    is_done: bool | None
    failure: str = ""
    key: UUID | None = None
    intent_id: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""


@dataclass(frozen=True, slots=True)
class DisputeReport:
    """What a provider says of a dispute about the intent `intent_id` (the provider's); the amount is in major units."""

    provider_id: str
    intent_id: str
    amount: Decimal
    currency: str
    status: DisputeStatus
    funds: DisputeFunds
    reason: str = ""
    evidence_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundedSum:
    """How much of an intent went back in all, not through which refunds."""

    intent_id: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook, read. Without an intent and a refund it is about something that is none of our business."""

    kind: str
    intent: IntentReport | None = None
    refund: RefundReport | None = None
    dispute: DisputeReport | None = None
    refunded: RefundedSum | None = None


class Provider(Protocol):
    """Every call that takes a `key` does what it does once for that key, however often it is asked.

    Calls talk to the network: never inside a transaction. They raise ProviderRefused and ProviderUnsure.
    """

    name: ClassVar[str]
    # Whether staff say how much came in, instead of the provider.
    is_told_by_staff: ClassVar[bool]
    # For how long the provider remembers a key (hours); after that asking again could do it again.
    key_hours: ClassVar[int]
    # Whether a payer who was declined may try again in the same intent: a failed one may still bring money.
    failed_may_be_paid: ClassVar[bool]

    def is_configured(self) -> bool: ...

    def methods(self) -> tuple[str, ...]:
        """Ways to pay that it knows; empty: any, the payer chooses there."""
        ...

    def create(self, new: NewIntent, *, key: UUID) -> IntentReport: ...

    def capture(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> IntentReport: ...

    def void(self, intent: KnownIntent, *, key: UUID) -> IntentReport: ...

    def refund(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> RefundReport: ...

    def read(self, intent: KnownIntent) -> IntentReport:
        """The intent as it stands there now."""
        ...

    def read_refunds(self, intent: KnownIntent) -> list[RefundReport]:
        """All that the provider knows of the intent, whoever made them."""
        ...

    def intents_since(self, moment: datetime) -> list[IntentReport]:
        """All that were begun there since, or more."""
        ...

    def refunds_since(self, moment: datetime) -> list[RefundReport]:
        """All that were made since, or more."""
        ...

    def check_webhook(self, body: bytes, headers: Mapping[str, str]) -> str:
        """Check the signature over the very bytes; the provider's id of the event. Raises BadSignature."""
        ...

    def read_webhook(self, body: bytes) -> Notice:
        """What a webhook says whose signature was checked. Raises BadNotice."""
        ...
