"""E-mails to customers: what they are made of and what became of them."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.activity import Activity
from shared.models.base import TimestampedModel
from users.models.customer import Customer
from users.models.language import Language


class EmailTemplate(TimestampedModel):
    """Subject and body with {{ customer.name }} and the like: crm/mail/drafts.py lists what may stand there."""

    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"), max_length=20_000)
    is_marketing = models.BooleanField(
        _("marketing"), default=False, db_default=False, help_text=_("Goes only to customers who agreed to marketing.")
    )

    class Meta:
        db_table = "crm_email_template"
        verbose_name = _("email template")
        verbose_name_plural = _("email templates")
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "language", name="email_template_name_unique"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="email_template_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class EmailStatus(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Email(TimestampedModel):
    """One e-mail to one customer, sent by a job after the transaction that wrote it."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    template = models.ForeignKey(
        EmailTemplate,
        verbose_name=_("template"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    activity = models.OneToOneField(
        Activity,
        verbose_name=_("activity"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    to = models.EmailField(pgettext_lazy("e-mail", "to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"), max_length=20_000)
    is_marketing = models.BooleanField(
        _("marketing"),
        default=False,
        db_default=False,
        help_text=_("Not sent once the customer has withdrawn consent."),
    )
    status = models.CharField(_("status"), max_length=6, choices=EmailStatus.choices, default=EmailStatus.QUEUED)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    error = models.CharField(_("error"), max_length=500, blank=True, help_text=_("Why it could not be sent."))

    class Meta:
        db_table = "crm_email"
        verbose_name = pgettext_lazy("a message", "e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["customer", "-id"], name="email_customer"),  # serves: a customer's e-mails
            # serves: the purge of old ones
            BrinIndex(fields=["created_at"], name="email_at", autosummarize=True, pages_per_range=32),
            # serves: what the job has still to send
            models.Index(fields=["id"], condition=Q(status="queued"), name="email_queued"),
            # serves: what could not be sent, newest first
            models.Index(fields=["-id"], condition=Q(status="failed"), name="email_failed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=EmailStatus.values), name="email_status_known"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="email_sent_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
