"""Money that came in for an order."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from shared.models.base import BaseModel
from shared.money.amounts import CurrencyField, MoneyField, format_money


class PaymentRecordStatus(models.TextChoices):
    PAID = "PAID", _("Paid")
    UNDERPAID = "UNDERPAID", _("Too little")
    REFUND_DUE = "REFUND_DUE", _("Refund due")
    REFUNDED = "REFUNDED", _("Refunded")


# What came in counts for what the order is due.
COUNTS_FOR_ORDER = (PaymentRecordStatus.PAID, PaymentRecordStatus.REFUNDED, PaymentRecordStatus.UNDERPAID)


class PaymentMatch(models.TextChoices):
    """How the money met what the order was due."""

    EXACT = "exact", _("Exact")
    UNDER = "under", _("Too little")
    OVER = "over", _("Too much")
    LATE = "late", _("Too late")
    DUPLICATE = "duplicate", _("Paid twice")


class Payment(BaseModel):
    """One amount received.

    PAID counts for the order. UNDERPAID waits for the rest. REFUND_DUE could not be used (order gone, or paid twice)
    and must go back. REFUNDED went back. `refunded_amount` is the sum of its refunds that were not called off.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="payments", db_index=False, verbose_name=_("order")
    )
    amount = MoneyField(_("amount"))
    currency = CurrencyField(_("currency"))
    reference = models.CharField(
        _("reference"),
        max_length=255,
        blank=True,
        help_text=_("The payer's or provider's name for this payment; unique in its order."),
    )
    status = models.CharField(_("status"), max_length=12, choices=PaymentRecordStatus.choices)
    provider = models.CharField(
        _("provider"), max_length=20, db_default="manual", default="manual", help_text=_("Through whom it came.")
    )
    method = models.CharField(
        _("method"), max_length=30, blank=True, default="", db_default="", help_text=_("e.g. bank_transfer")
    )
    # No foreign key: intents are of the app above. The audit asks whether each one exists (payments_equal_captures).
    intent_id = models.UUIDField(
        _("payment intent"), null=True, blank=True, help_text=_("The provider's attempt that it came from.")
    )
    match = models.CharField(
        _("match"),
        max_length=10,
        choices=PaymentMatch.choices,
        default=PaymentMatch.EXACT,
        db_default=PaymentMatch.EXACT.value,
    )
    is_partial = models.BooleanField(
        _("one of several"), default=False, db_default=False, help_text=_("It pays the order together with others.")
    )
    excess_amount = MoneyField(
        _("too much"), default=0, db_default=0, help_text=_("What came above what was due; staff give it back.")
    )
    refunded_amount = MoneyField(_("refunded"), default=0, db_default=0)
    settled_at = models.DateTimeField(
        _("settled at"), null=True, blank=True, help_text=_("When staff had dealt with what was odd about it.")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("created at"), editable=False)

    class Meta:
        db_table = "orders_payment"
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        indexes = [
            # serves: how much was paid late
            BrinIndex(fields=["created_at"], name="payment_at", autosummarize=True, pages_per_range=32),
            # serves: the queue of money to give back
            models.Index(fields=["-created_at"], condition=Q(status="REFUND_DUE"), name="payment_refund_due"),
            # serves: the queue of money that is too little, too much, too late or twice
            models.Index(
                fields=["-id"], condition=~Q(match="exact") & Q(settled_at__isnull=True), name="payment_to_settle"
            ),
        ]
        constraints = [
            # Its index also serves: an order's payments.
            models.UniqueConstraint(fields=["order", "reference"], name="payment_reference_once_per_order"),
            # Two full payments at once would else both count: the lock prevents it, and this proves it.
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="PAID", is_partial=False), name="one_payment_pays_an_order"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_amount_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="payment_currency_code"),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0) & Q(refunded_amount__lte=F("amount")),
                name="payment_refunded_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(excess_amount__gte=0) & Q(excess_amount__lte=F("amount")),
                name="payment_excess_within_amount",
            ),
            models.CheckConstraint(condition=Q(match__in=PaymentMatch.values), name="payment_match_known"),
            models.CheckConstraint(
                condition=Q(status__in=PaymentRecordStatus.values), name="payment_record_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{format_money(self.amount, self.currency)} {self.currency} {self.reference}".strip()
