"""What a deal must fulfil before it is changed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID

from django.utils.translation import gettext

from crm.models.deal import Deal
from orders.models.order import Order
from orders.states import OrderStatus
from shared.errors import InvalidInput, StaleVersion


def check_unchanged(deal: Deal, expected_updated_at: datetime | None) -> None:
    """Raises StaleVersion when somebody changed the locked deal since the caller saw it."""
    if expected_updated_at is not None and deal.updated_at != expected_updated_at:
        raise StaleVersion(
            gettext("“%(title)s” was changed by somebody else meanwhile; it stands at %(stage)s.")
            % {"title": deal.title, "stage": deal.stage}
        )


def live_order(deal: Deal) -> Order | None:
    """The order that the deal became, unless it was cancelled."""
    if deal.order_id is None:
        return None
    return Order.objects.filter(pk=deal.order_id).exclude(status=OrderStatus.CANCELLED).first()


class DealDetails(TypedDict, total=False):
    """What a deal may be opened with; what is missing takes the model's default."""

    value: Decimal
    currency: str
    probability: int | None
    expected_close: date | None
    owner_id: UUID | None
    custom_fields: dict[str, Any]


def check_details(title: str, details: DealDetails) -> None:
    """Raises InvalidInput naming every fault."""
    faults = []
    if not title.strip():
        faults.append(("/title", "required", gettext("Say what the deal is about.")))
    if details.get("value", Decimal(0)) < 0:
        faults.append(("/value", "out_of_range", gettext("The value is not below 0.")))
    probability = details.get("probability")
    if probability is not None and not 0 <= probability <= 100:
        faults.append(("/probability", "out_of_range", gettext("The probability is 0 to 100 per cent.")))
    if faults:
        raise InvalidInput(*faults)
