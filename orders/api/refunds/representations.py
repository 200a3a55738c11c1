"""Refunds and returns as the API shows them."""

from rest_framework import serializers

from orders.models.refund import RefundCause
from orders.states import RefundStatus, ReturnStatus
from shared.api.serializers import IdsOf, MoneyText
from shared.api.shapes.shaped import ShapedSerializer


class RefundItemSerializer(serializers.Serializer):
    item = serializers.UUIDField(source="item_id")
    quantity = serializers.IntegerField(min_value=1)
    amount = MoneyText(help_text="Of these units, with their tax and after their discount.")
    restocked_quantity = serializers.IntegerField(min_value=0)


class RefundSerializer(ShapedSerializer):
    """Money that goes back, of one payment."""

    id = serializers.UUIDField()
    order = serializers.UUIDField(source="order_id", help_text="Whose goods: of a split order the sub-order.")
    payment = serializers.UUIDField(source="payment_id")
    order_return = serializers.UUIDField(source="order_return_id", allow_null=True)
    cause = serializers.ChoiceField(RefundCause.choices)
    amount = MoneyText(help_text="What goes back, the fee already taken off.")
    currency = serializers.CharField()
    restocking_fee = MoneyText()
    shipping_amount = MoneyText()
    reason = serializers.CharField()
    status = serializers.ChoiceField(RefundStatus.choices)
    reference = serializers.CharField(allow_blank=True)
    failure = serializers.CharField(allow_blank=True)
    items = RefundItemSerializer(many=True)
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class ReturnItemSerializer(serializers.Serializer):
    item = serializers.UUIDField(source="item_id")
    quantity = serializers.IntegerField(min_value=1)
    received_quantity = serializers.IntegerField(min_value=0)
    restocked_quantity = serializers.IntegerField(min_value=0)


class ReturnSerializer(ShapedSerializer):
    """Goods that come back, from asking to refunding."""

    id = serializers.UUIDField()
    order = serializers.UUIDField(source="order_id", help_text="Of a split order the sub-order.")
    number = serializers.CharField()
    status = serializers.ChoiceField(ReturnStatus.choices)
    reason = serializers.CharField()
    answer = serializers.CharField(allow_blank=True)
    items = ReturnItemSerializer(many=True)
    refunds = IdsOf()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
