"""The shapes that order routes answer with: declared for OpenAPI, written by orders.api.orders.representations."""

from typing import Any

from rest_framework import serializers

from orders.api.orders import representations
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


class OrderItemSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    order = serializers.UUIDField()
    variant = serializers.UUIDField()
    sku = serializers.CharField()
    name = serializers.CharField()
    seller = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=0, help_text="0 when the line was dropped.")
    unit_price = serializers.CharField(help_text="A decimal string in the order's currency.")
    total_price = serializers.CharField(help_text="quantity x unit_price without tax, before discounts.")
    tax_amount = serializers.CharField()
    tax_included = serializers.BooleanField(help_text="Whether unit_price contains the tax.")
    discount_amount = serializers.CharField(help_text="The line's share of the order's discount.")
    price_reason = serializers.CharField(allow_blank=True, help_text="Empty: the variant's own price.")
    shipped_quantity = serializers.IntegerField(min_value=0)
    returned_quantity = serializers.IntegerField(min_value=0)
    refunded_quantity = serializers.IntegerField(min_value=0)
    cancelled_quantity = serializers.IntegerField(min_value=0, help_text="Refunded before they left: never sent.")
    status = serializers.ChoiceField(OrderStatus.choices)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return representations.represent_item(instance, instance.order.currency)


class PaymentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    amount = serializers.CharField()
    refunded_amount = serializers.CharField(help_text="Promised back so far, paid out or not.")
    currency = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(PaymentRecordStatus.choices)
    match = serializers.ChoiceField(PaymentMatch.choices, help_text="How it met what was due.")
    excess_amount = serializers.CharField(help_text="What came above what was due.")
    provider = serializers.CharField()
    method = serializers.CharField(allow_blank=True)
    intent = serializers.UUIDField(allow_null=True, help_text="The payment intent that it came from.")
    created_at = serializers.DateTimeField()


class DisputeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(DisputeKind.choices)
    payment = serializers.UUIDField(allow_null=True)
    provider = serializers.CharField()
    provider_id = serializers.CharField()
    amount = serializers.CharField()
    currency = serializers.CharField()
    reason = serializers.CharField(allow_blank=True, help_text="As the provider names it.")
    status = serializers.ChoiceField(DisputeStatus.choices)
    funds = serializers.ChoiceField(DisputeFunds.choices)
    evidence_due_at = serializers.DateTimeField(allow_null=True, help_text="Until then the provider takes an answer.")
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ReservationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    item = serializers.UUIDField()
    stock_level = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1)
    status = serializers.ChoiceField(ReservationStatus.choices)
    expires_at = serializers.DateTimeField(allow_null=True)


class AdjustmentSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(AdjustmentKind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    amount = serializers.CharField(help_text="What it adds to the total; negative for a discount.")
    item = serializers.UUIDField(allow_null=True, help_text="The line it is about; null: the whole order.")
    data = serializers.DictField(help_text="Codes, ids and rates that it was computed from.")  # type: ignore[assignment]


class OrderEventSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(EventKind.choices)
    from_status = serializers.ChoiceField(OrderStatus.choices, allow_blank=True)
    to_status = serializers.ChoiceField(OrderStatus.choices)
    actor = serializers.UUIDField(allow_null=True, help_text="The user who did it; null: the system.")
    reason = serializers.CharField(allow_blank=True)
    data = serializers.DictField(  # type: ignore[assignment]
        help_text="What the change was about: its shipments, refunds, lines …"
    )
    created_at = serializers.DateTimeField()


class SubOrderSerializer(serializers.Serializer):
    """One sub-order of an order over several sellers."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The order's number, -1, -2 …")
    seller = serializers.UUIDField()
    status = serializers.ChoiceField(OrderStatus.choices)
    subtotal = serializers.CharField()
    discount_total = serializers.CharField()
    tax_total = serializers.CharField()
    shipping_total = serializers.CharField()
    total = serializers.CharField()
    version = serializers.IntegerField()


class OrderSerializer(serializers.Serializer):
    """An order as lists show it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    customer = serializers.UUIDField()
    status = serializers.ChoiceField(OrderStatus.choices)
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    currency = serializers.CharField(help_text="ISO 4217.")
    subtotal = serializers.CharField(help_text="Decimal string.")
    discount_total = serializers.CharField()
    tax_total = serializers.CharField()
    shipping_total = serializers.CharField()
    total = serializers.CharField(help_text="subtotal - discount_total + tax_total + shipping_total.")
    amount_due = serializers.CharField(
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
        allow_null=True, help_text="Of a sub-order: the order it is a part of."
    )
    seller = serializers.UUIDField(allow_null=True, help_text="Whose sub-order it is; null for a whole order.")
    sub_orders = SubOrderSerializer(many=True, help_text="One for each seller of an order over several; else empty.")
    ship_to_country = serializers.CharField(allow_blank=True, help_text="ISO 3166.")
    shipping_method = serializers.CharField(allow_blank=True)
    coupon = serializers.CharField(allow_blank=True)
    payment_method = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="The ETag, without its quotes.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return representations.represent_order(instance)


class OrderInFullSerializer(OrderSerializer):
    """An order with everything that hangs on it."""

    disputes = DisputeSerializer(many=True, help_text="What the flag `dispute` tells of.")
    payments = PaymentSerializer(many=True)
    reservations = ReservationSerializer(many=True)
    events = OrderEventSerializer(many=True)
    adjustments = AdjustmentSerializer(many=True, help_text="Why it costs what it costs; empty for a plain order.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return representations.represent_order_in_full(instance)


class BoardOrderSerializer(serializers.Serializer):
    """An order in progress as the board shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(OrderStatus.choices)
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    customer = serializers.UUIDField()
    customer_name = serializers.CharField()
    item_count = serializers.IntegerField(help_text="Lines in the order.")
    currency = serializers.CharField(help_text="ISO 4217.")
    total = serializers.CharField(help_text="Decimal string.")
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return representations.represent_board_order(instance)
