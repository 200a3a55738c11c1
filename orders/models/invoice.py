"""Documents that the law wants kept as they were issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.refund import Refund
from shared.models.base import BaseModel
from shared.models.feed import FeedSource, feed_index
from shared.planner.word_search import WordIndex
from shared.planner.words import Words, words_index

INVOICE_WORDS = Words("number", phone=("number",))  # its parts, and its last digits


class InvoiceSeries(models.Model):
    """The last number given out in a series and year. Its row is locked while a document takes the next one, so that
    numbers have no gaps."""

    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    # No sequence: what that gave to a transaction which is rolled back is gone, and the law wants no gap.
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "orders_invoice_series"
        verbose_name = _("series of invoices")
        verbose_name_plural = _("series of invoices")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="invoice_series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


class Invoice(FeedSource, BaseModel):
    """An invoice of an order, or the credit note of a refund. `content` is all that it says, as it was when issued;
    the PDF is drawn from it alone."""

    number = models.CharField(_("number"), max_length=32, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=InvoiceKind.choices, default=InvoiceKind.INVOICE)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("order"))
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_note", verbose_name=_("refund")
    )
    order_version = models.PositiveIntegerField(
        _("order version"), help_text=_("The version of the order that it shows.")
    )
    content = models.JSONField()
    issued_at = models.DateTimeField(_("issued at"), editable=False)

    class Meta:
        db_table = "orders_invoice"
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]
        indexes = [
            feed_index("invoice_feed"),
            # serves: search by the number's parts and last digits
            words_index(INVOICE_WORDS, "invoice_words"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="invoice_number_unique"),
            models.CheckConstraint(condition=Q(kind__in=InvoiceKind.values), name="invoice_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="invoice", refund__isnull=True) | Q(kind="credit_note", refund__isnull=False),
                name="credit_note_names_its_refund",
            ),
        ]

    def __str__(self) -> str:
        return self.number


INVOICES_BY_WORDS = WordIndex(Invoice, "invoice_words", INVOICE_WORDS)
