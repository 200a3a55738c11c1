"""How buyers can pay: what they are told, and until when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel

UNTIL_PAID = 0
MOST_MINUTES = 525_600  # a year


class PaidThrough(models.TextChoices):
    """What takes the money; the names of payment providers, which stand above."""

    MANUAL = "manual", _("By hand: staff confirm what came in")
    STRIPE = "stripe", _("Stripe")
    SANDBOX = "sandbox", _("The local sandbox")


class ChosenBy(models.TextChoices):
    EVERYBODY = "everybody", _("Buyers and staff")
    BUYERS = "buyers", _("Buyers")
    STAFF = "staff", _("Staff")


class PaymentMethod(TimestampedModel):
    """An order keeps the code. Deadlines of customer groups stand beside it: orders.reservations.hold_terms says which
    counts."""

    # A slug is indexed twice by default, with one index for LIKE; the unique constraint's is all that is asked.
    code = models.SlugField(
        _("code"), max_length=30, db_index=False, help_text=_("Its name in the API, e.g. bank_transfer.")
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("As buyers read it."))
    instructions = models.TextField(
        _("instructions"),
        max_length=2_000,
        blank=True,
        default="",
        help_text=_(
            "What the buyer has to do. {order} stands for the order's number, the payment's reference; {amount} for "
            "what is to be paid; {accounts} for the shop's bank accounts."
        ),
    )
    provider = models.CharField(_("provider"), max_length=10, choices=PaidThrough.choices, default=PaidThrough.MANUAL)
    minutes = models.PositiveIntegerField(
        _("minutes to pay"),
        null=True,
        blank=True,
        help_text=_("10080 is a week; 0: until somebody pays or cancels; empty: as for orders that name no method."),
    )
    chosen_by = models.CharField(_("chosen by"), max_length=10, choices=ChosenBy.choices, default=ChosenBy.EVERYBODY)
    is_staff_default = models.BooleanField(
        _("of staff's orders"), default=False, help_text=_("What orders of staff and drafts begin with.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lowest first."))

    class Meta:
        db_table = "orders_payment_method"
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="payment_method_code_unique"),
            models.UniqueConstraint(
                fields=["is_staff_default"], condition=Q(is_staff_default=True), name="one_payment_method_of_staff"
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__lte=MOST_MINUTES), name="payment_method_within_a_year"
            ),
            models.CheckConstraint(condition=Q(provider__in=PaidThrough.values), name="payment_method_provider_known"),
            models.CheckConstraint(condition=Q(chosen_by__in=ChosenBy.values), name="payment_method_chosen_by_known"),
        ]

    def __str__(self) -> str:
        return self.name
