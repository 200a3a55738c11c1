"""The shapes that order routes answer with: declared for OpenAPI, and read by shared.api.shapes.shape."""

from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.incoming_payments.due import shown_due
from orders.models.adjustment import AdjustmentKind
from orders.models.dispute import DisputeKind
from orders.models.order import DisputeFlag
from orders.models.order_event import EventKind
from orders.models.payment import PaymentMatch, PaymentRecordStatus
from orders.states import (
    CancelReason,
    DisputeFunds,
    DisputeStatus,
    OrderStatus,
    PaymentStatus,
    ReservationStatus,
)
from shared.api.serializers import METADATA, MoneyText, WorkedOut
from shared.money.amounts import format_money
from users.api.addresses.representations import OneAddress


class OrderItemSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    order = serializers.UUIDField(source="order_id")
    variant = serializers.UUIDField(source="variant_id")
    sku = serializers.CharField()
    name = serializers.CharField()
    seller = serializers.UUIDField(source="seller_id")
    # A dropped line is shown with 0 and not left out: events and refunds name it.
    quantity = serializers.IntegerField(min_value=0, help_text="0 when the line was dropped.")
    # Text, as for all amounts: JSON's numbers are read as floats.
    unit_price = MoneyText(help_text="A decimal string in the order's currency.")
    total_price = MoneyText(help_text="quantity x unit_price without tax, before discounts.")
    tax_amount = MoneyText()
    tax_included = serializers.BooleanField(help_text="Whether unit_price contains the tax.")
    discount_amount = MoneyText(help_text="The line's share of the order's discount.")
    price_reason = serializers.CharField(allow_blank=True, help_text="Empty: the variant's own price.")
    shipped_quantity = serializers.IntegerField(min_value=0)
    returned_quantity = serializers.IntegerField(min_value=0)
    refunded_quantity = serializers.IntegerField(min_value=0)
    cancelled_quantity = serializers.IntegerField(min_value=0, help_text="Refunded before they left: never sent.")
    status = serializers.ChoiceField(OrderStatus.choices)


class PaymentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    amount = MoneyText()
    refunded_amount = MoneyText(help_text="Promised back so far, paid out or not.")
    currency = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(PaymentRecordStatus.choices)
    match = serializers.ChoiceField(PaymentMatch.choices, help_text="How it met what was due.")
    excess_amount = MoneyText(help_text="What came above what was due.")
    provider = serializers.CharField()
    method = serializers.CharField(allow_blank=True)
    intent = serializers.UUIDField(
        source="intent_id", allow_null=True, help_text="The payment intent that it came from."
    )
    created_at = serializers.DateTimeField()


class DisputeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(DisputeKind.choices)
    payment = serializers.UUIDField(source="payment_id", allow_null=True)
    provider = serializers.CharField()
    provider_id = serializers.CharField()
    amount = MoneyText()
    currency = serializers.CharField()
    reason = serializers.CharField(allow_blank=True, help_text="As the provider names it.")
    status = serializers.ChoiceField(DisputeStatus.choices)
    funds = serializers.ChoiceField(DisputeFunds.choices)
    evidence_due_at = serializers.DateTimeField(allow_null=True, help_text="Until then the provider takes an answer.")
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ReservationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    item = serializers.UUIDField(source="item_id")
    stock_level = serializers.UUIDField(source="level_id")
    quantity = serializers.IntegerField(min_value=1)
    status = serializers.ChoiceField(ReservationStatus.choices)
    expires_at = serializers.DateTimeField(allow_null=True)


class AdjustmentSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(AdjustmentKind.choices)
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="A coupon's, rate's or price list's name, or staff's reason of a discount. The customer reads it."
    )
    amount = MoneyText(help_text="What it adds to the total; negative for a discount.")
    item = serializers.UUIDField(
        source="item_id", allow_null=True, help_text="The line it is about; null: the whole order."
    )
    data = serializers.DictField(help_text="Codes, ids and rates that it was computed from.")  # type: ignore[assignment]


class OrderEventSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(EventKind.choices)
    from_status = serializers.ChoiceField(OrderStatus.choices, allow_blank=True)
    to_status = serializers.ChoiceField(OrderStatus.choices)
    actor = serializers.UUIDField(
        source="actor_id", allow_null=True, help_text="The user who did it; null: the system."
    )
    reason = serializers.CharField(allow_blank=True)
    # Not the column: that also keeps what only the audit asks, and the message that `reason` is shown by.
    data = serializers.DictField(  # type: ignore[assignment]
        source="details", help_text="What the change was about: its shipments, refunds, lines …"
    )
    created_at = serializers.DateTimeField()


class SubOrderSerializer(serializers.Serializer):
    """One sub-order of an order over several sellers."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The order's number, -1, -2 …")
    seller = serializers.UUIDField(source="seller_id")
    status = serializers.ChoiceField(OrderStatus.choices)
    subtotal = MoneyText()
    discount_total = MoneyText()
    tax_total = MoneyText()
    shipping_total = MoneyText()
    total = MoneyText()
    version = serializers.IntegerField()


class _Due(NamedTuple):
    """What shown_due asks of an order."""

    parent_id: UUID | None
    status: str
    payment_status: str
    open_amount: Decimal | None
    total: Decimal


class AmountDue(WorkedOut):
    """What the order is due, as its own row keeps it."""

    # What a sparse answer has to read for it, in the order in which `compute` gets it.
    worked_out_of = _Due._fields

    @staticmethod
    def compute(values: Any, currency: str) -> str | None:
        """A sub-order's money is its whole order's."""
        due = _Due(*values)
        return None if due.parent_id else format_money(shown_due(due), currency)


@extend_schema_field(METADATA)
class OrderMetadata(serializers.JSONField):
    """Its buyer sees it, as they see the note."""


class OrderSerializer(serializers.Serializer):
    """An order as lists show it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    customer = serializers.UUIDField(source="customer_id")
    status = serializers.ChoiceField(OrderStatus.choices)
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    currency = serializers.CharField(help_text="ISO 4217.")
    subtotal = MoneyText(help_text="Decimal string.")
    discount_total = MoneyText()
    tax_total = MoneyText()
    shipping_total = MoneyText()
    total = MoneyText(help_text="subtotal - discount_total + tax_total + shipping_total.")
    amount_due = AmountDue(
        allow_null=True, help_text="What is still to be paid; null for a sub-order, whose money is the order's."
    )
    dispute = serializers.ChoiceField(
        DisputeFlag.choices, allow_blank=True, help_text="Whether its payer has the bank take money back."
    )
    items = OrderItemSerializer(many=True)
    note = serializers.CharField(allow_blank=True)
    payment_expires_at = serializers.DateTimeField(
        allow_null=True, help_text="Unpaid after this it is cancelled and its stock given back; null: never."
    )
    paid_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancel_reason = serializers.ChoiceField(CancelReason.choices, allow_blank=True)
    parent = serializers.UUIDField(  # type: ignore[assignment]
        source="parent_id", allow_null=True, help_text="Of a sub-order: its parent order."
    )
    seller = serializers.UUIDField(
        source="seller_id", allow_null=True, help_text="Whose sub-order it is; null for a whole order."
    )
    sub_orders = SubOrderSerializer(many=True, help_text="One for each seller of an order over several; else empty.")
    ship_to_country = serializers.CharField(allow_blank=True, help_text="ISO 3166.")
    shipping_method = serializers.CharField(allow_blank=True)
    delivery_address = OneAddress(allow_null=True, help_text="Where the goods go, as it was when it was placed.")
    billing_address = OneAddress(allow_null=True, help_text="Whom the invoice names, likewise.")
    customer_tax_number = serializers.CharField(
        allow_blank=True, help_text="On its documents: the customer's own, else the company's, when it was placed."
    )
    metadata = OrderMetadata()
    coupon = serializers.CharField(source="coupon_code", allow_blank=True)
    payment_method = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="In quotes, what If-Match takes.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class OrderInFullSerializer(OrderSerializer):
    """An order with everything that hangs on it."""

    disputes = DisputeSerializer(many=True, help_text="What the flag `dispute` tells of.")
    payments = PaymentSerializer(many=True)
    reservations = ReservationSerializer(many=True)
    events = OrderEventSerializer(many=True)
    adjustments = AdjustmentSerializer(many=True, help_text="Why it costs what it costs; empty for a plain order.")


class BoardOrderSerializer(serializers.Serializer):
    """An order in progress as the board shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(OrderStatus.choices)
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    customer = serializers.UUIDField(source="customer_id")
    customer_name = serializers.CharField()
    item_count = serializers.IntegerField(help_text="Lines in the order.")
    currency = serializers.CharField(help_text="ISO 4217.")
    total = MoneyText(help_text="Decimal string.")
    created_at = serializers.DateTimeField()
