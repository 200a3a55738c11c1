"""Drafts and quotes as the API shows them, and the filters of their list."""

from decimal import Decimal
from typing import Any

import django_filters
from rest_framework import serializers

from orders.drafts.worth import Worth, line_total, worth_of
from orders.models.draft import Draft, DraftKind, DraftLine, DraftStatus
from shared.money.amounts import format_money
from shared.text.times import iso_time


class DraftFilter(django_filters.FilterSet):
    customer = django_filters.UUIDFilter(field_name="customer_id")
    status = django_filters.ChoiceFilter(choices=DraftStatus.choices)
    kind = django_filters.ChoiceFilter(choices=DraftKind.choices)
    number = django_filters.CharFilter(max_length=32)

    class Meta:
        model = Draft
        fields: list[str] = []


class DraftLineSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    variant = serializers.UUIDField()
    seller = serializers.UUIDField(allow_null=True)
    quantity = serializers.IntegerField(min_value=1)
    agreed_price = serializers.CharField(allow_null=True)


class DraftSerializer(serializers.Serializer):
    """A draft or quote as lists show it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(DraftKind.choices)
    status = serializers.ChoiceField(DraftStatus.choices)
    customer = serializers.UUIDField()
    currency = serializers.CharField()
    lines = DraftLineSerializer(many=True)
    note = serializers.CharField(allow_blank=True)
    valid_until = serializers.DateField(allow_null=True)
    order = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_draft(instance)


class DraftWorthSerializer(serializers.Serializer):
    lines = serializers.ListField(
        child=serializers.CharField(allow_null=True), help_text="Of each line, with its tax; null without a price."
    )
    subtotal = serializers.CharField(allow_null=True)
    tax_total = serializers.CharField(allow_null=True)
    total = serializers.CharField(allow_null=True, help_text="Without shipping.")


class DraftInFullSerializer(DraftSerializer):
    worth = DraftWorthSerializer(help_text="What it would cost if it were ordered now.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_draft_in_full(instance)


def represent_draft(draft: Draft) -> dict[str, Any]:
    """With its lines, which must be prefetched."""
    return {
        "id": str(draft.pk),
        "number": draft.number,
        "kind": draft.kind,
        "status": draft.status,
        "customer": str(draft.customer_id),
        "currency": draft.currency,
        "lines": [_represent_line(line, draft.currency) for line in draft.lines.all()],
        "note": draft.note,
        "valid_until": draft.valid_until.isoformat() if draft.valid_until else None,
        "order": str(draft.order_id) if draft.order_id else None,
        "version": draft.version,
        "created_at": iso_time(draft.created_at),
        "updated_at": iso_time(draft.updated_at),
    }


def represent_draft_in_full(draft: Draft) -> dict[str, Any]:
    return represent_draft(draft) | {
        "worth": _represent_worth(worth_of(draft, list(draft.lines.all())), draft.currency)
    }


def _represent_line(line: DraftLine, currency: str) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "variant": str(line.variant_id),
        "seller": str(line.seller_id) if line.seller_id else None,
        "quantity": line.quantity,
        "agreed_price": None if line.agreed_price is None else format_money(line.agreed_price, currency),
    }


def _represent_worth(worth: Worth, currency: str) -> dict[str, Any]:
    def money(amount: Decimal | None) -> str | None:
        return None if amount is None else format_money(amount, currency)

    sums = worth.amounts
    return {
        "lines": [None if line is None else money(line_total(line)) for line in worth.lines],
        "subtotal": money(sums.subtotal if sums else None),
        "tax_total": money(sums.tax_total if sums else None),
        "total": money(sums.total if sums else None),
    }
