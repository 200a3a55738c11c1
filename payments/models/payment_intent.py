"""One attempt to pay an order through a provider."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from payments.states import IntentStatus, State
from shared.models.base import BaseModel
from shared.money.amounts import CurrencyField, MoneyField, format_money


class Capture(models.TextChoices):
    AUTOMATIC = "automatic", _("At once")
    MANUAL = "manual", _("By staff")


class PaymentIntent(BaseModel):
    """What the provider said of it last, merged (payments.states). Changed only under its order's lock.

    `captured_amount` is what has come in: each step up is a Payment of the order, written in the same transaction.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="payment_intents", db_index=False, verbose_name=_("order")
    )
    provider = models.CharField(_("provider"), max_length=20)
    method = models.CharField(_("method"), max_length=30, blank=True)
    provider_id = models.CharField(
        _("provider's id"), max_length=255, blank=True, help_text=_("Empty until the provider has answered.")
    )
    amount = MoneyField(_("amount"))
    currency = CurrencyField(_("currency"))
    capture = models.CharField(_("capture"), max_length=9, choices=Capture.choices, default=Capture.AUTOMATIC)
    status = models.CharField(
        _("status"), max_length=18, choices=IntentStatus.choices, default=IntentStatus.CREATED.value
    )
    authorised_amount = MoneyField(_("authorised"), default=0)
    captured_amount = MoneyField(_("captured"), default=0)
    failure = models.CharField(_("failure"), max_length=200, blank=True, help_text=_("Why the provider refused."))
    action_url = models.CharField(
        _("payer's page"), max_length=2000, blank=True, help_text=_("Where the payer goes on, if anywhere.")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created at"), editable=False)
    updated_at = models.DateTimeField(_("updated at"), editable=False)

    class Meta:
        db_table = "payments_intent"
        verbose_name = _("payment intent")
        verbose_name_plural = _("payment intents")
        ordering = ["-id"]
        indexes = [
            # serves: the intents of an order, newest first
            models.Index(fields=["order", "-id"], name="intent_order"),
            # serves: intents that may still bring money, to be voided once nobody needs them
            models.Index(
                fields=["id"],
                condition=Q(status__in=["created", "requires_action", "failed", "authorised", "partially_captured"]),
                name="intent_unsettled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_id"], condition=~Q(provider_id=""), name="intent_once_at_its_provider"
            ),
            # An impatient payer who presses twice gets the same intent twice. Not of those where money moves: an
            # earlier try that was declined may succeed after all, and that must be written down.
            models.UniqueConstraint(
                fields=["order", "provider", "method"],
                condition=Q(status__in=["created", "requires_action"]),
                name="one_open_intent_per_way_to_pay",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="intent_amount_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="intent_currency_code"),
            models.CheckConstraint(condition=Q(capture__in=Capture.values), name="intent_capture_known"),
            models.CheckConstraint(condition=Q(status__in=IntentStatus.values), name="intent_status_known"),
            models.CheckConstraint(
                condition=Q(captured_amount__gte=0) & Q(captured_amount__lte=F("authorised_amount")),
                name="intent_captured_within_authorised",
            ),
            models.CheckConstraint(
                condition=Q(
                    captured_amount=0, status__in=["created", "requires_action", "failed", "authorised", "voided"]
                )
                | Q(captured_amount__gt=0, status__in=["partially_captured", "captured"]),
                name="intent_status_fits_what_was_captured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {format_money(self.amount, self.currency)} {self.currency}"

    @property
    def state(self) -> State:
        return State(self.status, self.authorised_amount, self.captured_amount)
