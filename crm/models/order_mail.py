"""What orders write to their buyers: the texts, what was sent, and how far the events were read."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from shared.models.base import BaseModel, TimestampedModel

_MOST_MINUTES = 10_080


class OrderMailKind(models.TextChoices):
    CONFIRMATION = "confirmation", _("Order received")
    REMINDER = "payment_reminder", _("Payment reminder")
    CANCELLED_BY_STAFF = "cancelled_by_staff", _("Cancelled by us")
    CANCELLED_BY_CUSTOMER = "cancelled_by_customer", _("Cancelled by the customer")
    TIMED_OUT = "timed_out", _("Not paid in time")
    SHIPPED = "shipped", _("Shipment sent")
    REFUNDED = "refunded", _("Money given back")


class OrderMailTemplate(TimestampedModel):
    """The words of one kind in every language; crm.mail.text.ORDER_NAMES lists what may stand in {{ }}."""

    kind = models.CharField(_("kind"), max_length=24, choices=OrderMailKind.choices, editable=False)
    is_on = models.BooleanField(
        _("is sent"), default=True, db_default=True, help_text=_("Off: nothing of this kind is sent.")
    )
    minutes_before = models.PositiveSmallIntegerField(
        _("minutes before the deadline"),
        null=True,
        blank=True,
        help_text=_("Not sent where the buyer had less than twice as long to pay."),
    )
    subject_en = models.CharField(_("subject, English"), max_length=200)
    body_en = models.TextField(_("text, English"), max_length=20_000)
    subject_uk = models.CharField(_("subject, Ukrainian"), max_length=200)
    body_uk = models.TextField(_("text, Ukrainian"), max_length=20_000)

    class Meta:
        db_table = "crm_order_mail_template"
        verbose_name = _("order e-mail template")
        verbose_name_plural = _("order e-mail templates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="order_mail_template_once"),
            models.CheckConstraint(condition=Q(kind__in=OrderMailKind.values), name="order_mail_template_kind_known"),
            models.CheckConstraint(
                condition=(~Q(kind="payment_reminder") & Q(minutes_before__isnull=True))
                | Q(
                    kind="payment_reminder",
                    minutes_before__isnull=False,
                    minutes_before__gte=1,
                    minutes_before__lte=_MOST_MINUTES,
                ),
                name="order_mail_reminder_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class OrderMailProgress(BaseModel):
    """How far the orders' events were turned into e-mails of a kind. Its lock makes one job at a time do it."""

    kind = models.CharField(max_length=24, choices=OrderMailKind.choices)
    on_since = models.DateTimeField(null=True, help_text=_("Events before this are nobody's news; empty: it is off."))
    read_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "crm_order_mail_progress"
        verbose_name = _("progress of order e-mails")
        verbose_name_plural = _("progress of order e-mails")
        constraints = [models.UniqueConstraint(fields=["kind"], name="order_mail_progress_once")]

    def __str__(self) -> str:
        return self.kind


class OrderMailStatus(models.TextChoices):
    """SENDING is written before the mail server is talked to: what a crash leaves there is not sent by itself again."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not needed")


class OrderMail(TimestampedModel):
    """One e-mail about one event of an order; `order` is the whole one, `event` may be a sub-order's."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.CASCADE, related_name="mails", db_index=False
    )
    event = models.ForeignKey(OrderEvent, on_delete=models.CASCADE, related_name="+", verbose_name=_("event"))
    kind = models.CharField(_("kind"), max_length=24, choices=OrderMailKind.choices)
    is_resend = models.BooleanField(
        _("sent again"), default=False, db_default=False, help_text=_("Asked for by staff.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    status = models.CharField(
        _("status"), max_length=7, choices=OrderMailStatus.choices, default=OrderMailStatus.QUEUED
    )
    to = models.EmailField(pgettext_lazy("e-mail", "to"), blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("body"), max_length=20_000, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True, help_text=_("Why it could not be sent."))

    class Meta:
        db_table = "crm_order_mail"
        verbose_name = _("order e-mail")
        verbose_name_plural = _("order e-mails")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["order", "id"], name="order_mail_order"),  # serves: an order's e-mails
            # serves: the purge of old ones
            BrinIndex(fields=["created_at"], name="order_mail_at", autosummarize=True, pages_per_range=32),
            # serve: what staff must look at, newest first, and what has still to be sent
            models.Index(fields=["-id"], condition=Q(status="failed"), name="order_mail_failed"),
            models.Index(fields=["-id"], condition=Q(status="sending"), name="order_mail_sending"),
            # serves: those that no job sends any more
            models.Index(fields=["updated_at"], condition=Q(status="queued"), name="order_mail_queued"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], condition=Q(is_resend=False), name="order_mail_once"),
            models.CheckConstraint(condition=Q(kind__in=OrderMailKind.values), name="order_mail_kind_known"),
            models.CheckConstraint(condition=Q(status__in=OrderMailStatus.values), name="order_mail_status_known"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="order_mail_sent_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"
