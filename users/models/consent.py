"""What a customer has agreed to."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel
from users.models.customer import Customer


class ConsentPurpose(models.TextChoices):
    MARKETING_EMAIL = "marketing_email", _("Marketing by e-mail")
    MARKETING_PHONE = "marketing_phone", _("Marketing by phone")
    PROFILING = "profiling", _("Profiling")


class Consent(BaseModel):
    """One statement, never changed: the newest of a purpose is what holds."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="consents", db_index=False, verbose_name=_("customer")
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=ConsentPurpose.choices)
    is_given = models.BooleanField(_("given"), help_text=_("Given, or withdrawn."))
    source = models.CharField(
        _("source"), max_length=120, help_text=_("How we know, e.g. “web form” or “call on 3 May”.")
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_default=TransactionNow(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("recorded by"),
    )

    class Meta:
        db_table = "users_consent"
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-recorded_at", "-id"]
        indexes = [
            # serves: what holds for a customer, and how it came to that
            models.Index(fields=["customer", "purpose", "-recorded_at", "-id"], name="consent_customer_purpose"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=ConsentPurpose.values), name="consent_purpose_known"),
            models.CheckConstraint(condition=~Q(source=""), name="consent_says_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {gettext('given') if self.is_given else gettext('withdrawn')}"
