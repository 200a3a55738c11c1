"""Invoices and credit notes as the API shows them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from orders.models.invoice import Invoice, InvoiceKind
from shared.money.amounts import format_money
from shared.text.times import iso_time


def represent_invoice(invoice: Invoice) -> dict[str, Any]:
    return {
        "id": str(invoice.pk),
        "number": invoice.number,
        "kind": invoice.kind,
        # Read from the row, not from the content: an invoice is found by it after its order has changed.
        "order": str(invoice.order_id),
        "refund": str(invoice.refund_id) if invoice.refund_id else None,
        "order_version": invoice.order_version,
        "currency": invoice.content["currency"],
        # Credit notes of earlier times say nothing of tax, and nothing is made up for them.
        "net": invoice.content.get("net") or _net_total(invoice.content),
        "tax": invoice.content.get("tax") or invoice.content.get("tax_total"),
        "taxes": invoice.content.get("taxes", []),
        "total": invoice.content["total"],
        "issued_at": iso_time(invoice.issued_at),
        "pdf": f"/api/v1/invoices/{invoice.pk}.pdf",
    }


def _net_total(content: dict[str, Any]) -> str | None:
    """An invoice says its tax, and a credit note of earlier times neither."""
    if "tax_total" not in content:
        return None
    return format_money(Decimal(content["total"]) - Decimal(content["tax_total"]), content["currency"])


class TaxOfInvoiceSerializer(serializers.Serializer):
    """What of the lines bears one rate."""

    rate = serializers.CharField(help_text="A share of 1: 0.19.")
    net = serializers.CharField()
    tax = serializers.CharField()


class InvoiceSerializer(serializers.Serializer):
    """A document that never changes once it is issued."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="Without a gap in its series and year.")
    kind = serializers.ChoiceField(InvoiceKind.choices)
    order = serializers.UUIDField(help_text="The whole order, also of a split one.")
    refund = serializers.UUIDField(allow_null=True, help_text="Of a credit note: what it credits.")
    order_version = serializers.IntegerField(help_text="The version of the order that it shows.")
    currency = serializers.CharField()
    net = serializers.CharField(
        allow_null=True, help_text="The total without its tax; null for a credit note that says nothing of tax."
    )
    tax = serializers.CharField(allow_null=True)
    taxes = TaxOfInvoiceSerializer(
        many=True, help_text="By rate, the highest first; of an invoice without shipping, of a credit note with it."
    )
    total = serializers.CharField(help_text="Of an invoice what was due, of a credit note what goes back.")
    issued_at = serializers.DateTimeField()
    pdf = serializers.CharField(help_text="Where it is to be read or printed.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return represent_invoice(instance)
