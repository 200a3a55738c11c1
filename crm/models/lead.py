"""Somebody who may become a customer."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared.models.base import TimestampedModel
from shared.planner.folding import Fold
from shared.planner.word_search import WordIndex
from shared.planner.words import Words, words_index
from shared.text.fields import EmailAddressField
from shared.text.phone import NormalizedPhoneField
from users.models.customer import Customer

LEAD_WORDS = Words("name", "company_name", "email", phone=("phone_e164", "phone"))


class LeadStatus(models.TextChoices):
    NEW = "new", _("New")
    WORKING = "working", _("Working")
    CONVERTED = "converted", _("Converted")
    LOST = "lost", _("Lost")


class LeadSource(models.TextChoices):
    WEBSITE = "website", _("Website")
    REFERRAL = "referral", _("Referral")
    EVENT = "event", _("Event")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    OTHER = "other", _("Other")


class Lead(TimestampedModel):
    """Kept apart from customers until it is worth being one; `customer` says what it became."""

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200, help_text=_("The person to talk to."))
    email = EmailAddressField(_("e-mail"), blank=True, help_text=_("Needed before the lead can become a customer."))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_e164 = NormalizedPhoneField(
        _("phone (international)"), of="phone", help_text=_("The phone number in international form.")
    )
    company_name = models.CharField(
        _("company name"),
        max_length=200,
        blank=True,
        help_text=_("Becomes the customer's company when the lead is converted."),
    )
    source = models.CharField(_("source"), max_length=10, choices=LeadSource.choices, default=LeadSource.OTHER)
    status = models.CharField(_("status"), max_length=10, choices=LeadStatus.choices, default=LeadStatus.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("The colleague who follows it up."),
    )
    note = models.TextField(_("note"), blank=True, max_length=10_000)
    custom_fields = models.JSONField(
        _("custom fields"), default=dict, db_default={}, blank=True, help_text=_("Values of the shop's own fields.")
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        db_table = "crm_lead"
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-created_at", "-id"]
        indexes = [
            # serves: all leads newest first
            models.Index(fields=["-created_at", "-id"], name="lead_created"),
            # serves: the purge of those that nobody touched
            models.Index(fields=["updated_at"], condition=~Q(status="converted"), name="lead_untouched"),
            # serves: leads by status, newest first
            models.Index(fields=["status", "-created_at", "-id"], name="lead_status_created"),
            # serves: a colleague's leads by status
            models.Index(fields=["owner", "status", "-created_at"], name="lead_owner_status"),
            # serves: search by words, and by the last digits of the phone number
            words_index(LEAD_WORDS, "lead_words"),
            # serve: search by the beginning of name or e-mail
            models.Index(OpClass(Fold("name"), name="text_pattern_ops"), name="lead_name_folded"),
            models.Index(OpClass(Lower("email"), name="text_pattern_ops"), name="lead_email_prefix"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LeadStatus.values), name="lead_status_known"),
            models.CheckConstraint(condition=Q(source__in=LeadSource.values), name="lead_source_known"),
            models.CheckConstraint(
                condition=Q(customer__isnull=True) | Q(status="converted"),
                name="lead_with_customer_is_converted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.company_name})" if self.company_name else self.name


LEADS_BY_WORDS = WordIndex(Lead, "lead_words", LEAD_WORDS)
