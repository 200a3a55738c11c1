"""Invoices and credit notes over HTTP: staff issue them, customers read their own."""

from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.seller_access import sellers_of
from orders.api.invoices.bodies import IssueInvoiceBody
from orders.api.invoices.filters import InvoiceFilter
from orders.api.invoices.representations import InvoiceSerializer, represent_invoice
from orders.api.pdf import pdf_answer
from orders.documents.drawing import invoice_pdf
from orders.lifecycle.locking import OrderNotFound
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.services.invoices.issue_invoice import issue_credit_note, issue_invoice
from shared.api.bodies import parse_body
from shared.api.conditional import expected_version
from shared.api.permissions import IsSignedIn, IsStaff, Needed
from shared.api.principal import actor_of, customer_id_of, is_staff
from shared.api.schema import PDF, problems
from shared.api.viewsets import Resource
from users.models.api_key import Scope


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
        # A login that is no customer has no invoices, rather than those of nobody.
        own = customer_id_of(self.request)
        return shown.filter(order__customer_id=own) if own else shown.none()

    @extend_schema(summary="As PDF", responses=PDF)
    def pdf(self, request: Request, pk: UUID) -> HttpResponse:
        """As it was issued, in the language that the customer had then."""
        # By the list's own queryset: whoever does not see the document does not get its file either.
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
        # Issuing takes a number that can never be given back, so that only those do it who see the whole order.
        if sellers_of(request.user) is not None or not Order.objects.live().filter(pk=pk).exists():
            raise OrderNotFound(f"No such order: {pk}.")
        body = parse_body(IssueInvoiceBody, request.data)
        actor, version = actor_of(request), expected_version(request, body.version)
        if body.refund is None:
            issued = issue_invoice(order_id=pk, actor=actor, expected_version=version)
        else:
            issued = issue_credit_note(order_id=pk, refund_id=body.refund, actor=actor, expected_version=version)
        where = {"Location": f"/api/v1/invoices/{issued.invoice.pk}"}
        # Read back: PostgreSQL orders the members of the content, and the tag is of what a GET shows.
        invoice = Invoice.objects.get(pk=issued.invoice.pk)
        answer = Response(represent_invoice(invoice), 201 if issued.created else 200, headers=where)
        answer.tagged_by = InvoiceViewSet  # type: ignore[attr-defined]
        return answer
