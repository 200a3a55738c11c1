"""Orders in the making, and quotes: they hold no stock and cost nothing to abandon."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from orders.models.order import Order
from shared.models.address import AddressField, address_check
from shared.models.base import BaseModel, TimestampedModel
from shared.money.amounts import CurrencyField, MoneyField
from users.models.customer import Customer

REASON_LENGTH = 120


class DiscountKind(models.TextChoices):
    PERCENT = "percent", _("Percent off")
    AMOUNT = "amount", _("Amount off")


class Discounted(models.Model):
    """Without a kind there is no discount."""

    discount_kind = models.CharField(
        _("discount"), max_length=7, choices=DiscountKind.choices, blank=True, default="", db_default=""
    )
    discount_value = MoneyField(
        _("discount's value"),
        max_digits=15,
        null=True,
        blank=True,
        help_text=_("Percent (10 is 10 %), or an amount in the currency."),
    )
    discount_reason = models.CharField(
        _("discount's reason"), max_length=REASON_LENGTH, blank=True, default="", db_default=""
    )

    class Meta:
        abstract = True


def discount_check(name: str) -> models.CheckConstraint:
    """A kind has a value, and no percentage is above 100."""
    # A reason is asked for by the services, not here: an erasure empties it, and what was taken off stays.
    given = Q(discount_value__isnull=False, discount_value__gt=0)  # an unknown condition would hold
    return models.CheckConstraint(
        condition=Q(discount_kind="", discount_value__isnull=True, discount_reason="")
        | (Q(discount_kind=DiscountKind.PERCENT, discount_value__lte=100) & given)
        | (Q(discount_kind=DiscountKind.AMOUNT) & given),
        name=name,
    )


class DraftKind(models.TextChoices):
    DRAFT = "draft", _("Draft order")
    QUOTE = "quote", _("Quote")


class DraftStatus(models.TextChoices):
    OPEN = "open", _("Open")
    SENT = "sent", _("Sent to the customer")
    ORDERED = "ordered", _("Ordered")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")


class Draft(Discounted, TimestampedModel):
    """Made by staff for a customer. What it names beside its lines is placed with the order; `payment_method` and the
    addresses unset: as an order that names none. `version` grows by one with every change."""

    number = models.CharField(_("number"), max_length=32, editable=False)
    kind = models.CharField(_("kind"), max_length=5, choices=DraftKind.choices, default=DraftKind.DRAFT)
    status = models.CharField(_("status"), max_length=8, choices=DraftStatus.choices, default=DraftStatus.OPEN)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("customer"))
    currency = CurrencyField(_("currency"))
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("The last day, by the shop's, to order it."),
    )
    note = models.TextField(_("note"), blank=True, max_length=10_000)
    ship_to_country = models.CharField(
        _("ship to"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        help_text=_("ISO code of the country, e.g. UA; empty: the customer's."),
    )
    delivery_address = AddressField(_("delivery address"))
    billing_address = AddressField(_("billing address"))
    shipping_method = models.CharField(_("shipping method"), max_length=40, blank=True, default="", db_default="")
    payment_method = models.CharField(_("payment method"), max_length=30, blank=True, default="", db_default="")
    coupon_code = models.CharField(_("coupon"), max_length=40, blank=True, default="", db_default="")
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("order")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        db_table = "orders_draft"
        verbose_name = _("draft or quote")
        verbose_name_plural = _("drafts and quotes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "-id"], name="draft_status"),  # serves: what is open, newest first
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="draft_number_unique"),
            models.CheckConstraint(condition=Q(kind__in=DraftKind.values), name="draft_kind_known"),
            models.CheckConstraint(condition=Q(status__in=DraftStatus.values), name="draft_status_known"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="draft_currency_code"),
            models.CheckConstraint(
                condition=Q(status="ordered", order__isnull=False) | (~Q(status="ordered") & Q(order__isnull=True)),
                name="draft_names_its_order",
            ),
            discount_check("draft_discount_is_whole"),
            address_check("delivery_address", "draft_delivery_address_is_one"),
            address_check("billing_address", "draft_billing_address_is_one"),
        ]

    def __str__(self) -> str:
        return self.number


class DraftLine(Discounted, BaseModel):
    """`agreed_price` unset: the price of the day on which it is ordered. The discount is off the whole line."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="lines", verbose_name=_("draft or quote"))
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", verbose_name=_("variant"))
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seller")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    agreed_price = MoneyField(
        _("agreed price"),
        max_digits=15,
        null=True,
        blank=True,
        help_text=_("Of one unit, instead of the catalogue's; empty: the price of the day it is ordered."),
    )

    class Meta:
        db_table = "orders_draft_line"
        verbose_name = _("line of a draft")
        verbose_name_plural = _("lines of drafts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="draft_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(agreed_price__isnull=True) | Q(agreed_price__gte=0), name="draft_line_price_not_negative"
            ),
            discount_check("draft_line_discount_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"
