"""Coupons, and which orders used them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from shared.models.base import BaseModel, TimestampedModel
from shared.money.amounts import CurrencyField, MoneyField
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup


class CouponKind(models.TextChoices):
    PERCENT = "percent", _("Percent off")
    AMOUNT = "amount", _("Amount off")
    FREE_SHIPPING = "free_shipping", _("Free shipping")


class Coupon(TimestampedModel):
    """`used_count` is changed under the coupon's row lock together with its CouponUse rows, so that limits hold."""

    code = models.CharField(_("code"), max_length=40, help_text=_("What customers type; capitals do not matter."))
    kind = models.CharField(_("kind"), max_length=13, choices=CouponKind.choices, default=CouponKind.PERCENT)
    value = MoneyField(
        _("value"), max_digits=15, default=0, help_text=_("Percent (10 is 10 %), or an amount in the currency.")
    )
    currency = CurrencyField(_("currency"), blank=True, help_text=_("Of an amount, and of the smallest order."))
    min_subtotal = MoneyField(
        _("smallest order"), default=0, help_text=_("The lines must come to so much before the discount.")
    )
    customer_group = models.ForeignKey(
        CustomerGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer group"),
        help_text=_("Empty: everybody."),
    )
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(
        _("valid until"), null=True, blank=True, help_text=_("Not valid at or after it.")
    )
    usage_limit = models.PositiveIntegerField(_("uses in all"), null=True, blank=True, help_text=_("Empty: no limit."))
    customer_limit = models.PositiveIntegerField(
        _("uses by one customer"),
        null=True,
        blank=True,
        help_text=_("Counted for the person: by e-mail address and phone number. Empty: no limit."),
    )
    # Kept beside its rows, so that the database itself refuses the use beyond the limit (coupon_used_within_limit).
    used_count = models.PositiveIntegerField(_("used"), default=0, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "orders_coupon"
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="coupon_code_unique"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9_-]+$"), name="coupon_code_in_capitals"),
            models.CheckConstraint(condition=Q(kind__in=CouponKind.values), name="coupon_kind_known"),
            models.CheckConstraint(
                condition=Q(value__gte=0, min_subtotal__gte=0) & (~Q(kind="percent") | Q(value__lte=100)),
                name="coupon_value_within",
            ),
            models.CheckConstraint(condition=~Q(kind="amount") | ~Q(currency=""), name="coupon_amount_has_currency"),
            models.CheckConstraint(
                condition=Q(usage_limit__isnull=True) | Q(used_count__lte=F("usage_limit")),
                name="coupon_used_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
                name="coupon_valid_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CouponUse(BaseModel):
    """One order's use. It goes when the order is cancelled unpaid, and the coupon may be used once more."""

    # One coupon an order: docs/pricing.md.
    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="coupon_use", verbose_name=_("order"))
    coupon = models.ForeignKey(
        Coupon, on_delete=models.PROTECT, related_name="uses", db_index=False, verbose_name=_("coupon")
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("customer")
    )
    amount = MoneyField(_("discount"))
    created_at = models.DateTimeField(_("created at"), editable=False)

    class Meta:
        db_table = "orders_coupon_use"
        verbose_name = _("use of a coupon")
        verbose_name_plural = _("uses of coupons")
        indexes = [
            # serves: how often a customer used a coupon, and who used it
            models.Index(fields=["coupon", "customer"], name="coupon_use_by_customer"),
            models.Index(fields=["customer"], name="coupon_use_customer"),  # serves: merging customers
        ]

    def __str__(self) -> str:
        return f"{self.coupon_id} {self.order_id}"
