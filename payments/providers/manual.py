"""Bank transfers and cash: staff are the provider, and say what came in."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from payments.providers.base import (
    BadNotice,
    BadSignature,
    IntentReport,
    KnownIntent,
    NewIntent,
    Notice,
    ProviderRefused,
    RefundReport,
)
from payments.states import IntentStatus, State


class ManualProvider:
    """Answers at once and from memory alone, so there is nothing to lose between its books and ours."""

    name: ClassVar[str] = "manual"
    is_told_by_staff: ClassVar[bool] = True
    # No key is remembered: the answer follows from the state that is handed in, so an old operation may be asked again.
    key_hours: ClassVar[int] = 24 * 365
    failed_may_be_paid: ClassVar[bool] = False

    def is_configured(self) -> bool:
        return True

    def methods(self) -> tuple[str, ...]:
        return ("bank_transfer", "cash")

    def create(self, new: NewIntent, *, key: UUID) -> IntentReport:
        return IntentReport(f"manual-{new.intent_id}", State(IntentStatus.REQUIRES_ACTION), new.currency)

    def capture(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> IntentReport:
        """What came in: all that will come on this intent, be it less or more than was asked for."""
        sum_now = intent.state.captured + amount
        return IntentReport(intent.provider_id, State(IntentStatus.CAPTURED, sum_now, sum_now), intent.currency)

    def void(self, intent: KnownIntent, *, key: UUID) -> IntentReport:
        return IntentReport(intent.provider_id, State(IntentStatus.VOIDED), intent.currency)

    def refund(self, intent: KnownIntent, *, amount: Decimal, key: UUID) -> RefundReport:
        # Never asked (send_refund leaves manual ones alone); were it, no money has moved and nobody must believe so.
        raise ProviderRefused("Staff pay it out and say so.")

    def read(self, intent: KnownIntent) -> IntentReport:
        # There is no other book to read: what we know is all there is.
        return IntentReport(intent.provider_id, intent.state, intent.currency)

    def read_refunds(self, intent: KnownIntent) -> list[RefundReport]:
        return []

    def intents_since(self, moment: datetime) -> list[IntentReport]:
        return []

    def refunds_since(self, moment: datetime) -> list[RefundReport]:
        return []

    def check_webhook(self, body: bytes, headers: Mapping[str, str]) -> str:
        raise BadSignature

    def read_webhook(self, body: bytes) -> Notice:
        raise BadNotice("Nobody sends these.")
