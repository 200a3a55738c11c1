"""Invoices and credit notes, to read and to print; and the page that issues an order's."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from catalog.seller_access import sellers_of
from orders.documents.drawing import invoice_pdf
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.refund import Refund
from orders.reads.matching import invoices_with
from orders.services.invoices.issue_invoice import issue_credit_note, issue_invoice
from orders.states import RefundStatus
from shared.admin.base import ReadOnlyAdmin, actor_of
from shared.admin.display import change_url, money, object_link
from shared.admin.form_page import Done, FormPage
from shared.admin.forms import VersionForm, posted
from shared.admin.pdf import as_pdf
from shared.admin.search import MAX_MATCHES, at_most
from shared.planner.lookups import filter_by_keys


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "order_link", "buyer", "total", "issued_at")
    list_select_related = ("order",)
    ordering = ("-id",)
    search_fields = ("order",)
    search_help_text = _("The number of an invoice or order, its last digits, or words of the customer's name.")
    empty_help = _("Invoices are issued on the page of a paid order and appear here.")
    fields = (("number", "kind"), ("order_link", "buyer"), ("total", "issued_at"))
    readonly_fields = ("order_link", "buyer", "total")
    actions_detail = ("pdf",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Sellers' own people see none: an invoice is the whole order's. Who may see none at all is told so."""
        invoices = super().get_queryset(request)
        # The right is asked for first: an empty list for somebody without it would look as if there were no invoices.
        is_narrowed = self.has_view_permission(request) and sellers_of(request.user) is not None
        return invoices.none() if is_narrowed else invoices

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # One more than a page of a search shows, by which the list knows that there are more. Keys first, then the
        # rows: the list's own order must not decide how they are found.
        found = queryset.filter(invoices_with(term)).values_list("pk", flat=True)
        return filter_by_keys(queryset, "pk", found[: at_most(MAX_MATCHES + 1)])

    @action(
        description=_("Download"),
        icon="picture_as_pdf",
        variant=ActionVariant.PRIMARY,
        permissions=["orders.view_invoice"],
    )
    def pdf(self, request: HttpRequest, object_id: str) -> HttpResponse:
        invoice = self.find(request, object_id)
        return as_pdf(request, invoice, lambda: invoice_pdf(invoice), invoice.number)

    @display(description=_("order"))
    def order_link(self, invoice: Invoice) -> str:
        return object_link(invoice.order)

    @display(description=_("buyer"))
    def buyer(self, invoice: Invoice) -> str:
        # From the invoice's own content, never from the order or customer: it says what was true when it was issued.
        return str(invoice.content["buyer"]["name"])

    @display(description=_("total"))
    def total(self, invoice: Invoice) -> str:
        return money(Decimal(invoice.content["total"]), invoice.content["currency"])


class InvoiceForm(VersionForm):
    """The invoice, or the credit note of one of the refunds that have none."""

    document = forms.ChoiceField(label=_("Document"))

    def __init__(self, order: Order, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"version": order.version}, **kwargs)
        # A refund has one credit note at most, and one that was called off never moved money that a note could be
        # about.
        refunds = Refund.objects.filter(order=order, credit_note=None).exclude(status=RefundStatus.CANCELLED)
        notes = [
            (str(refund.pk), gettext("Credit note of %(amount)s") % {"amount": money(refund.amount, refund.currency)})
            for refund in refunds.order_by("id")
        ]
        # Built for each page, as the refunds are this order's; empty means the invoice, the usual case.
        self.fields["document"].choices = [("", gettext("Invoice")), *notes]  # type: ignore[attr-defined]
        self.fields["document"].required = False


def invoice_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        which: dict[str, Any] = {"order_id": order.pk, "actor": actor_of(request)}
        which["expected_version"] = values["version"]
        refund = values["document"]
        # Issuing is done once and then found: a second press answers with the number that there is, and no number is
        # lost.
        issued = issue_credit_note(**which, refund_id=refund) if refund else issue_invoice(**which)
        text = gettext("%(number)s is issued.") if issued.created else gettext("%(number)s was issued before.")
        return Done(text % {"number": issued.invoice.number}, change_url(Invoice, issued.invoice.pk))

    return FormPage(
        title=gettext("Issue the invoice of order %(number)s") % {"number": order.number},
        intro=gettext(
            "It takes the next number and never changes again. After the order has changed, the next invoice says "
            "which one it replaces."
        ),
        facts=[(gettext("Customer"), order.customer_name), (gettext("Total"), money(order.total, order.currency))],
        submit=gettext("Issue it"),
        form=InvoiceForm(order, posted(request)),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )
