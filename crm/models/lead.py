"""Somebody who may become a customer."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from shared.models.base import TimestampedModel
from shared.phone import NormalizedPhoneField
from users.models.customer import Customer


class LeadStatus(models.TextChoices):
    NEW = "new", "New"
    WORKING = "working", "Working"
    CONVERTED = "converted", "Converted"
    LOST = "lost", "Lost"


class LeadSource(models.TextChoices):
    WEBSITE = "website", "Website"
    REFERRAL = "referral", "Referral"
    EVENT = "event", "Event"
    PHONE = "phone", "Phone"
    EMAIL = "email", "E-mail"
    OTHER = "other", "Other"


class Lead(TimestampedModel):
    """Kept apart from customers until it is worth being one; `customer` says what it became."""

    name = models.CharField(max_length=200, help_text="The person to talk to.")
    email = models.EmailField("e-mail", blank=True, help_text="Needed before the lead can become a customer.")
    phone = models.CharField(max_length=40, blank=True)
    phone_e164 = NormalizedPhoneField(of="phone", help_text="The phone number in international form.")
    company_name = models.CharField(
        max_length=200, blank=True, help_text="Becomes the customer's company when the lead is converted."
    )
    source = models.CharField(max_length=10, choices=LeadSource.choices, default=LeadSource.OTHER)
    status = models.CharField(max_length=10, choices=LeadStatus.choices, default=LeadStatus.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The colleague who follows it up.",
    )
    note = models.TextField(blank=True, max_length=10_000)
    custom_fields = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="Values of the shop's own fields."
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        db_table = "crm_lead"
        ordering = ["-created_at", "-id"]
        indexes = [
            # serves: all leads newest first
            models.Index(fields=["-created_at", "-id"], name="lead_created"),
            # serves: leads by status, newest first
            models.Index(fields=["status", "-created_at", "-id"], name="lead_status_created"),
            # serves: a colleague's leads by status
            models.Index(fields=["owner", "status", "-created_at"], name="lead_owner_status"),
            # serve: search by the beginning of name or e-mail
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="lead_name_prefix"),
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
