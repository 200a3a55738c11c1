"""Issuing invoices, and the credit notes of refunds."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.documents.content import invoice_content, says_the_same
from orders.documents.credit_note import credit_note_content
from orders.documents.numbers import take_number
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.lifecycle.under_lock import change_under_lock
from orders.models.invoice import Invoice, InvoiceKind
from orders.models.refund import Refund
from orders.refunds.queries import RefundNotFound
from orders.states import MONEY_IS_HERE, RefundStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import Refusal
from shared.ids import new_id


class NotPaidYet(Refusal):
    code = "not_paid"
    title = _("Only a paid order has an invoice")


class NoInvoice(Refusal):
    code = "invoice_missing"
    title = _("There is no invoice to credit")


class Issued(NamedTuple):
    """`created` is False where the document was there already."""

    invoice: Invoice
    created: bool


def issue_invoice(
    *, order_id: UUID, actor: Actor, expected_version: int | None = None, now: datetime | None = None
) -> Issued:
    """The invoice of the whole order, also when asked for one of its sub-orders. One that says the same is there: that
    one. The order was changed since: a new one, which says what it replaces.

    Raises OrderNotFound, StaleVersion, NotPaidYet, Unavailable. Locks: the order with its order group, then the series
    of numbers. Commits its own transaction.
    """

    def issue(group: OrderGroup, moment: datetime, invoice_id: UUID) -> Issued:
        parent = group.parent
        check_version(group.member(order_id), expected_version)
        if parent.payment_status not in MONEY_IS_HERE:
            raise NotPaidYet(gettext("Order %(number)s is not paid.") % {"number": parent.number})
        last = _last_invoice(parent.pk)
        # Without a number: whether it needs one shows in what it says.
        content = invoice_content(group, number="", now=moment, before=last.content if last else None)
        # No number for nothing: a series has no gap, and an invoice that says the same replaces none.
        if last and says_the_same(last.content, content):
            return Issued(last, created=False)
        return _write_document(InvoiceKind.INVOICE, group, content, moment, invoice_id)

    return _issue_under_lock(order_id, issue, now)


def issue_credit_note(
    *,
    order_id: UUID,
    refund_id: UUID,
    actor: Actor,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Issued:
    """The credit note of a refund that was not called off, once.

    Raises OrderNotFound, RefundNotFound, StaleVersion, NoInvoice when the order has none to credit, Unavailable. Locks
    as issue_invoice. Commits its own transaction.
    """

    def issue(group: OrderGroup, moment: datetime, invoice_id: UUID) -> Issued:
        check_version(group.member(order_id), expected_version)
        refund = Refund.objects.filter(pk=refund_id, order__in=group.ids).exclude(status=RefundStatus.CANCELLED).first()
        if refund is None:
            raise RefundNotFound(refund_id)
        # Looked for under the order's lock: two clicks get the same document.
        if found := Invoice.objects.filter(refund=refund).first():
            return Issued(found, created=False)
        credited = _last_invoice(group.parent.pk)
        if credited is None:
            raise NoInvoice(gettext("Issue the invoice of order %(number)s first.") % {"number": group.parent.number})
        # The row that is locked, for the content to read: no statement more, and no older version of it.
        refund.order = group.member(refund.order_id)
        content = credit_note_content(group.parent, refund, number="", now=moment, invoice=credited.content)
        return _write_document(InvoiceKind.CREDIT_NOTE, group, content, moment, invoice_id, refund=refund)

    return _issue_under_lock(order_id, issue, now)


def _last_invoice(order_id: UUID) -> Invoice | None:
    return Invoice.objects.filter(order=order_id, kind=InvoiceKind.INVOICE).order_by("issued_at", "id").last()


def _issue_under_lock(
    order_id: UUID, issue: Callable[[OrderGroup, datetime, UUID], Issued], now: datetime | None
) -> Issued:
    """The frame of both: a try of unknown fate is found under the order's lock as any other document would be."""
    invoice_id = new_id()

    def find_done() -> Issued | None:
        found = Invoice.objects.filter(pk=invoice_id).first()
        return Issued(found, created=True) if found else None

    return change_under_lock(
        lambda group: issue(group, now or database_now(), invoice_id),
        lock=partial(lock_order_group, order_id),
        name="issue_invoice",
        find_done=find_done,
    )


def _write_document(
    kind: InvoiceKind,
    group: OrderGroup,
    content: dict[str, Any],
    now: datetime,
    invoice_id: UUID,
    *,
    refund: Refund | None = None,
) -> Issued:
    """The number is taken last, so that nobody waits for what it says."""
    content["number"] = take_number(kind, now=now)
    invoice = Invoice.objects.create(
        id=invoice_id,
        number=content["number"],
        kind=kind,
        order=group.parent,
        refund=refund,
        order_version=group.parent.version,
        content=content,
        issued_at=now,
    )
    return Issued(invoice, created=True)
