"""Refunds and returns as the API shows them."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from orders.models.order_return import Return
from orders.models.refund import Refund, RefundCause
from orders.states import RefundStatus, ReturnStatus
from shared.money.amounts import format_money


class RefundItemSerializer(serializers.Serializer):
    item = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1)
    amount = serializers.CharField(help_text="Of these units, with their tax and after their discount.")
    restocked_quantity = serializers.IntegerField(min_value=0)


class RefundSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    order = serializers.UUIDField(help_text="Whose goods: of a split order the sub-order.")
    payment = serializers.UUIDField()
    order_return = serializers.UUIDField(allow_null=True)
    cause = serializers.ChoiceField(RefundCause.choices)
    amount = serializers.CharField(help_text="What goes back, the fee already taken off.")
    currency = serializers.CharField()
    restocking_fee = serializers.CharField()
    shipping_amount = serializers.CharField()
    reason = serializers.CharField()
    status = serializers.ChoiceField(RefundStatus.choices)
    reference = serializers.CharField(allow_blank=True)
    failure = serializers.CharField(allow_blank=True)
    items = RefundItemSerializer(many=True)
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_refund(instance)


class ReturnItemSerializer(serializers.Serializer):
    item = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1)
    received_quantity = serializers.IntegerField(min_value=0)
    restocked_quantity = serializers.IntegerField(min_value=0)


class ReturnSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    order = serializers.UUIDField(help_text="Of a split order the sub-order.")
    number = serializers.CharField()
    status = serializers.ChoiceField(ReturnStatus.choices)
    reason = serializers.CharField()
    answer = serializers.CharField(allow_blank=True)
    items = ReturnItemSerializer(many=True)
    refunds = serializers.ListField(child=serializers.UUIDField())
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_return(instance)


def represent_refund(refund: Refund) -> dict[str, Any]:
    """With its items, which must be prefetched."""
    currency = refund.currency
    return {
        "id": str(refund.pk),
        "order": str(refund.order_id),
        "payment": str(refund.payment_id),
        "order_return": str(refund.order_return_id) if refund.order_return_id else None,
        "cause": refund.cause,
        "amount": format_money(refund.amount, currency),
        "currency": currency,
        "restocking_fee": format_money(refund.restocking_fee, currency),
        "shipping_amount": format_money(refund.shipping_amount, currency),
        "reason": refund.reason,
        "status": refund.status,
        "reference": refund.reference,
        "failure": refund.failure,
        "items": [
            {
                "item": str(row.item_id),
                "quantity": row.quantity,
                "amount": format_money(row.amount, currency),
                "restocked_quantity": row.restocked_quantity,
            }
            for row in refund.items.all()
        ],
        "created_at": _format_time(refund.created_at),
        "done_at": _format_time(refund.done_at),
    }


def represent_return(found: Return) -> dict[str, Any]:
    """With its items and refunds, which must be prefetched."""
    return {
        "id": str(found.pk),
        "order": str(found.order_id),
        "number": found.number,
        "status": found.status,
        "reason": found.reason,
        "answer": found.answer,
        "items": [
            {
                "item": str(row.item_id),
                "quantity": row.quantity,
                "received_quantity": row.received_quantity,
                "restocked_quantity": row.restocked_quantity,
            }
            for row in found.items.all()
        ],
        "refunds": [str(refund.pk) for refund in found.refunds.all()],
        "version": found.version,
        "created_at": _format_time(found.created_at),
        "decided_at": _format_time(found.decided_at),
        "received_at": _format_time(found.received_at),
    }


def _format_time(moment: datetime | None) -> str | None:
    """RFC 3339, UTC."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
