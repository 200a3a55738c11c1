"""A customer's order."""

from django.db import models
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Cast, Floor, Greatest, Ln
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from catalog.models.seller import Seller
from orders.states import FINISHED, MONEY_IS_HERE, NOT_GOING, CancelReason, OrderStatus, PaymentStatus
from shared.models.address import AddressField, address_check
from shared.models.base import TimestampedModel
from shared.models.metadata import MetadataField, metadata_checks
from shared.money.amounts import CurrencyField, MoneyField
from shared.text.tax_number import TaxNumberField
from users.models.customer import Customer

# A sequence may leave gaps and locks nothing: docs/decisions/order-numbers.md. Invoices, which may not, have a counter.
NUMBER_SEQUENCE = "orders_order_number_seq"
# Which step of a scale of worth an order stands on: four steps make it 2.7 times as much. Totals below 1 are on step 0.
WORTH = Floor(Ln(Cast(Greatest("total", Value(1)), FloatField())) * Value(4))
# What lists show (OrderQuerySet.whole): the indexes of lists leave out sub-orders and deleted orders.
_LISTED = Q(parent__isnull=True, deleted_at__isnull=True)
# Those of one customer hold all orders, for the foreign key, and answer by themselves whether one is listed.
_SHOWN_BY = ["parent", "deleted_at"]
_NOT_NEGATIVE = Q(subtotal__gte=0, discount_total__gte=0, tax_total__gte=0, shipping_total__gte=0, total__gte=0)


class DisputeFlag(models.TextChoices):
    """The worst that an order's disputes have come to."""

    OPEN = "open", _("Disputed")
    LOST = "lost", _("Dispute lost")
    WON = "won", _("Dispute won")


class OrderQuerySet(models.QuerySet["Order"]):
    def live(self) -> "OrderQuerySet":
        """Without deleted ones."""
        return self.filter(deleted_at__isnull=True)

    def whole(self) -> "OrderQuerySet":
        """Live orders as buyers know them: without the sub-orders that some were split into."""
        return self.live().filter(parent__isnull=True)


class Order(TimestampedModel):
    """Amounts are in `currency`; the customer's name and e-mail are snapshots of the moment of placing."""

    number = models.CharField(_("number"), max_length=32, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("customer")
    )
    customer_name = models.CharField(_("customer name"), max_length=200, editable=False)
    customer_email = models.EmailField(_("customer email"), editable=False)
    customer_address = models.TextField(
        _("customer address"), editable=False, blank=True, default="", db_default="", max_length=1000
    )
    customer_tax_number = TaxNumberField(
        _("customer tax number"), editable=False, help_text=_("The customer's own or the company's, for documents.")
    )
    status = models.CharField(_("status"), max_length=12, choices=OrderStatus.choices, default=OrderStatus.PENDING)
    payment_status = models.CharField(
        _("payment status"), max_length=20, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )
    currency = CurrencyField(_("currency"))
    subtotal = MoneyField(_("subtotal"), help_text=_("Sum of the lines, net."))
    discount_total = MoneyField(_("discount total"), default=0)
    tax_total = MoneyField(_("tax total"), default=0)
    shipping_total = MoneyField(_("shipping total"), default=0)
    total = MoneyField(_("total"), help_text=_("subtotal - discount_total + tax_total + shipping_total"))
    note = models.TextField(_("note"), blank=True, max_length=10_000)
    payment_expires_at = models.DateTimeField(
        _("payment expires at"),
        null=True,
        blank=True,
        help_text=_("Unpaid after this it is cancelled; empty: it never expires."),
    )
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancel_reason = models.CharField(_("cancel reason"), max_length=20, choices=CancelReason.choices, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_orders",
        db_index=False,
        verbose_name=_("parent"),
    )
    seller = models.ForeignKey(
        Seller,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("seller"),
        help_text=_("Of a sub-order of a split order; empty otherwise."),
    )
    ship_to_country = models.CharField(
        _("ship to"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        help_text=_("ISO code of the country, e.g. UA."),
    )
    delivery_address = AddressField(_("delivery address"))
    billing_address = AddressField(_("billing address"))
    metadata = MetadataField()
    shipping_method = models.CharField(_("shipping method"), max_length=40, blank=True, default="", db_default="")
    shipping_tax = MoneyField(_("tax on shipping"), default=0, db_default=0, help_text=_("Part of the tax total."))
    coupon_code = models.CharField(_("coupon"), max_length=40, blank=True, default="", db_default="")
    payment_method = models.CharField(
        _("payment method"), max_length=30, blank=True, default="", db_default="", help_text=_("As the buyer chose it.")
    )
    hold_extensions = models.PositiveSmallIntegerField(
        _("extensions"), default=0, db_default=0, help_text=_("How often the payment deadline was put off.")
    )
    deleted_at = models.DateTimeField(
        _("deleted at"), null=True, blank=True, editable=False, help_text=_("Hidden since then; it can be restored.")
    )
    open_amount = MoneyField(
        _("open amount"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("What is still to be paid; empty: all of an unpaid order, nothing of a paid one."),
    )
    dispute = models.CharField(
        _("dispute"),
        max_length=4,
        choices=DisputeFlag.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Whether its payer has the bank take money back."),
    )
    version = models.PositiveIntegerField(
        _("version"), default=1, help_text=_("Grows by one with every change; the ETag.")
    )
    # Versions that no event of its own tells of: a sub-order's step, a merge of its customer, an erasure.
    changes_elsewhere = models.IntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        db_table = "orders_order"
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-created_at", "-id"]
        permissions = [
            ("confirm_payment", gettext_noop("Can confirm payments")),
            ("advance_order", gettext_noop("Can move orders on")),
            ("cancel_order", gettext_noop("Can cancel orders")),
            ("agree_prices", gettext_noop("Can agree prices")),
            ("ship_unsettled", gettext_noop("Can ship orders that are not paid in full or disputed")),
        ]
        indexes = [
            # serves: all orders newest first, with a range of time
            models.Index(fields=["-created_at", "-id"], name="order_created"),
            # serves: a customer's history newest first
            models.Index(fields=["customer", "-created_at", "-id"], include=_SHOWN_BY, name="order_customer_created"),
            # serves: orders by status newest first, the active board, monthly totals
            models.Index(fields=["status", "-created_at", "-id"], condition=_LISTED, name="order_status_created"),
            # serves: a customer's orders by status and date
            models.Index(
                fields=["customer", "status", "-created_at", "-id"], include=_SHOWN_BY, name="order_customer_status"
            ),
            # serves: the queue of late payments to settle; PAID and PENDING are the common rest
            models.Index(
                fields=["payment_status", "-created_at", "-id"], condition=_LISTED, name="order_payment_created"
            ),
            # serves: the sweep, oldest deadline first
            models.Index(fields=["payment_expires_at"], condition=Q(status="PENDING"), name="order_unpaid_deadline"),
            # serves: orders from some total up, newest first: orders.reads.orders.newest_orders_worth
            models.Index(
                WORTH,
                F("created_at").desc(),
                F("id").desc(),
                include=["total"],
                condition=_LISTED,
                name="order_worth_created",
            ),
            # serves: what expired lately
            models.Index(
                fields=["-cancelled_at", "-id"], condition=Q(cancel_reason="payment_timeout"), name="order_expired"
            ),
            # serves: the queue of orders that were paid in part
            models.Index(fields=["-created_at", "-id"], condition=Q(open_amount__gt=0), name="order_open_amount"),
            # serves: what is deleted, the latest first
            models.Index(fields=["-deleted_at", "-id"], condition=Q(deleted_at__isnull=False), name="order_deleted"),
            # serves: a seller's sub-orders, newest first
            models.Index(
                fields=["seller", "-created_at", "-id"],
                condition=Q(seller__isnull=False),
                name="order_sub_order_seller",
            ),
            # serves: the sub-orders of a split order
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="order_parent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="order_number_unique"),
            models.CheckConstraint(condition=_NOT_NEGATIVE, name="order_amounts_not_negative"),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount_total") + F("tax_total") + F("shipping_total")),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="order_currency_code"),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_known"),
            models.CheckConstraint(
                condition=Q(payment_status__in=PaymentStatus.values), name="order_payment_status_known"
            ),
            models.CheckConstraint(
                condition=(Q(status="CANCELLED") & Q(cancelled_at__isnull=False) & ~Q(cancel_reason=""))
                | (~Q(status="CANCELLED") & Q(cancelled_at__isnull=True) & Q(cancel_reason="")),
                name="order_cancelled_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[*NOT_GOING]) | Q(payment_status__in=[*MONEY_IS_HERE], paid_at__isnull=False),
                name="order_goes_on_only_when_paid",
            ),
            models.CheckConstraint(
                # The deadline is the parent order's alone: the sweep must find an order once, and lock it with all its
                # parts.
                condition=Q(parent__isnull=True) | Q(seller__isnull=False, payment_expires_at__isnull=True),
                name="order_sub_order_is_one_sellers",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(status__in=[*FINISHED]),
                name="order_deleted_when_finished",
            ),
            models.CheckConstraint(condition=Q(open_amount__gte=0), name="order_open_amount_not_negative"),
            models.CheckConstraint(condition=Q(dispute__in=["", *DisputeFlag.values]), name="order_dispute_known"),
            address_check("delivery_address", "order_delivery_address_is_one"),
            address_check("billing_address", "order_billing_address_is_one"),
            *metadata_checks("order"),
        ]

    def __str__(self) -> str:
        return self.number
