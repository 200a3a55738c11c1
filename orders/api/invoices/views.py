"""Invoices and credit notes over HTTP: staff issue them, customers read their own."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from pydantic import Field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.seller_access import sellers_of
from orders.api.pdf import pdf_answer
from orders.documents.drawing import invoice_pdf
from orders.lifecycle.locking import OrderNotFound
from orders.models.invoice import Invoice, InvoiceKind
from orders.models.order import Order
from orders.reads.matching import invoices_with
from orders.services.invoices.issue_invoice import issue_credit_note, issue_invoice
from shared.api.bodies import Id, StrictBody, parse_body
from shared.api.conditional import expected_version
from shared.api.permissions import IsSignedIn, IsStaff, Needed
from shared.api.principal import actor_of, customer_id_of, is_staff
from shared.api.schema import PDF, problems
from shared.api.viewsets import Resource
from shared.money.amounts import format_money
from shared.planner.word_search import LONGEST_TERM
from shared.text.times import iso_time
from users.models.api_key import Scope


def represent_invoice(invoice: Invoice) -> dict[str, Any]:
    return {
        "id": str(invoice.pk),
        "number": invoice.number,
        "kind": invoice.kind,
        "order": str(invoice.order_id),
        "refund": str(invoice.refund_id) if invoice.refund_id else None,
        "order_version": invoice.order_version,
        "currency": invoice.content["currency"],
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


class IssueInvoiceBody(StrictBody):
    """A document to issue: the order's invoice, or the credit note of a refund."""

    refund: Id | None = Field(None, description="The refund to credit; unset: the invoice.")
    version: int | None = Field(None, ge=0, description="Of the order; a stale one is refused with 412.")


class InvoiceFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")
    kind = django_filters.ChoiceFilter(choices=InvoiceKind.choices)
    search = django_filters.CharFilter(
        method="with_words",
        max_length=LONGEST_TERM,
        help_text="Parts of the number, or its last digits (≥ 4); or what finds the order. The newest thousand.",
    )

    class Meta:
        model = Invoice
        fields: list[str] = []

    def with_words(self, queryset: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        return queryset.filter(invoices_with(value))


@extend_schema_view(
    list=extend_schema(
        responses={200: InvoiceSerializer(many=True)}, summary="Invoices and credit notes, newest first"
    ),
    retrieve=extend_schema(responses={200: InvoiceSerializer}, summary="One invoice or credit note"),
)
@extend_schema(tags=["invoices"])
class InvoiceViewSet(ListModelMixin, RetrieveModelMixin, Resource):
    """Staff see all; sellers' people none, for an invoice is the whole order's; a customer's login its own."""

    queryset = Invoice.objects.none()
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilter
    permission_classes = (IsSignedIn,)
    required_scopes: ClassVar[dict[str, Needed]] = {"read": Scope.ORDERS_READ}

    def get_queryset(self) -> QuerySet[Invoice]:
        """The documents that exist for whoever asks; a deleted order hides its own."""
        shown = Invoice.objects.filter(order__deleted_at=None)
        if is_staff(self.request):
            return shown if sellers_of(self.request.user) is None else shown.none()
        own = customer_id_of(self.request)
        return shown.filter(order__customer_id=own) if own else shown.none()

    @extend_schema(summary="As PDF", responses=PDF)
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """As it was issued, in the language that the customer had then."""
        invoice = self.get_object()
        return pdf_answer(invoice_pdf(invoice), invoice.number)


@extend_schema(tags=["invoices"])
class OrderInvoiceViewSet(Resource):
    """The documents of one order."""

    queryset = Order.objects.none()
    permission_classes = (IsStaff,)
    required_scopes: ClassVar[dict[str, Needed]] = {"write": Scope.ORDERS_WRITE}
    required_permissions: ClassVar[dict[str, Needed | None]] = {"create": "orders.add_invoice"}

    @extend_schema(
        request=IssueInvoiceBody,
        examples=[OpenApiExample("At the version that was read", value={"version": 2}, request_only=True)],
        parameters=[
            OpenApiParameter(
                "If-Match", str, OpenApiParameter.HEADER, description="The order's version; a stale one is a 412."
            ),
            OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[200, 201]),
        ],
        responses={
            201: OpenApiResponse(InvoiceSerializer, "Issued, with the next number."),
            200: OpenApiResponse(InvoiceSerializer, "The document was there already, and says the same."),
            **problems(409, 412),
        },
        summary="Issue the invoice, or the credit note of a refund",
    )
    def create(self, request: Request, pk: UUID) -> Response:
        """Of a paid order. What was issued never changes: after the order has changed there is a new invoice, which
        names the one that it replaces."""
        if sellers_of(request.user) is not None or not Order.objects.live().filter(pk=pk).exists():
            raise OrderNotFound(f"No such order: {pk}.")
        body = parse_body(IssueInvoiceBody, request.data)
        actor, version = actor_of(request), expected_version(request, body.version)
        if body.refund is None:
            issued = issue_invoice(order_id=pk, actor=actor, expected_version=version)
        else:
            issued = issue_credit_note(order_id=pk, refund_id=body.refund, actor=actor, expected_version=version)
        where = {"Location": f"/api/v1/invoices/{issued.invoice.pk}"}
        return Response(represent_invoice(issued.invoice), 201 if issued.created else 200, headers=where)
