"""Money that goes back for an order."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.payment import Payment
from orders.states import OPEN_REFUNDS, RefundStatus
from shared.models.base import BaseModel
from shared.money.amounts import CurrencyField, MoneyField, format_money


class RefundCause(models.TextChoices):
    ITEMS = "items", _("Lines refunded")
    AMOUNT = "amount", _("An amount refunded")
    CANCELLATION = "cancellation", _("Order cancelled")
    RETURN = "return", _("Goods returned")
    EDIT = "edit", _("Order changed")
    OVERPAYMENT = "overpayment", _("Paid too much, twice or too late")
    PROVIDER = "provider", _("Given back at the provider")
    DISPUTE = "dispute", _("Dispute lost")


class Refund(BaseModel):
    """`amount` of `payment` goes back to the payer. Changed only under its order's lock.

    The payment's `refunded_amount` counts it from the moment it is DUE, so that nothing is promised twice; a CANCELLED
    one is counted off again.
    """

    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="refunds",
        verbose_name=_("order"),
        help_text=_("Whose goods: of a split order the sub-order."),
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    order_return = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name=_("return")
    )
    cause = models.CharField(_("cause"), max_length=12, choices=RefundCause.choices)
    amount = MoneyField(_("amount"), help_text=_("What goes back, the restocking fee already taken off."))
    currency = CurrencyField(_("currency"))
    restocking_fee = MoneyField(_("restocking fee"), default=0)
    shipping_amount = MoneyField(
        _("of it for shipping"),
        default=0,
        db_default=0,
        help_text=_("With its tax; what the buyer paid for it at most."),
    )
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=RefundStatus.choices, default=RefundStatus.DUE)
    reference = models.CharField(
        _("reference"), max_length=255, blank=True, help_text=_("The bank's or provider's name for the transfer.")
    )
    failure = models.CharField(_("failure"), max_length=200, blank=True, help_text=_("Why the provider refused."))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("asked for at"), editable=False)
    done_at = models.DateTimeField(_("paid out at"), null=True, blank=True)

    class Meta:
        db_table = "orders_refund"
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        permissions = [("refund_order", gettext_noop("Can refund orders and handle returns"))]
        indexes = [
            # serves: the queue of refunds that somebody must pay out or look at
            models.Index(fields=["-id"], condition=Q(status__in=[*OPEN_REFUNDS]), name="refund_open"),
        ]
        constraints = [
            # Where nothing is left to give back lines are called off without a refund (closing.mark_lines_cancelled).
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(condition=Q(restocking_fee__gte=0), name="refund_fee_not_negative"),
            models.CheckConstraint(condition=Q(shipping_amount__gte=0), name="refund_shipping_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="refund_currency_code"),
            models.CheckConstraint(condition=Q(status__in=RefundStatus.values), name="refund_status_known"),
            models.CheckConstraint(condition=Q(cause__in=RefundCause.values), name="refund_cause_known"),
            models.CheckConstraint(
                condition=Q(status="DONE", done_at__isnull=False) | (~Q(status="DONE") & Q(done_at__isnull=True)),
                name="refund_says_when_it_was_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{format_money(self.amount, self.currency)} {self.currency}"


class RefundItem(BaseModel):
    """What a refund gives back for one line."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="items", db_index=False)
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="refunded_in", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("quantity"))
    amount = MoneyField(_("amount"), help_text=_("Of these units, with their tax and after their discount."))
    restocked_quantity = models.PositiveIntegerField(_("restocked"), default=0)

    class Meta:
        db_table = "orders_refund_item"
        verbose_name = _("line of a refund")
        verbose_name_plural = _("lines of refunds")
        ordering = ["id"]
        constraints = [
            # Its index also serves: a refund's lines.
            models.UniqueConstraint(fields=["refund", "item"], name="item_once_in_a_refund"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="refund_item_quantity_positive"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="refund_item_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(restocked_quantity__lte=F("quantity")), name="refund_item_restock_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id}"
