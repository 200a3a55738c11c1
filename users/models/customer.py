"""Who buys."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from shared.models.base import TimestampedModel
from shared.phone import NormalizedPhoneField
from users.models.company import Company
from users.models.tag import Tag


class Language(models.TextChoices):
    """Languages that customers are written to in, and staff see the admin in."""

    ENGLISH = "en", "English"
    UKRAINIAN = "uk", "Українська"


class Customer(TimestampedModel):
    """A person who buys; may belong to a company and may have a login.

    E-mail addresses are not unique here: two people may share one, and duplicates are found and merged by staff.
    """

    name = models.CharField(max_length=200)
    email = models.EmailField("e-mail")
    phone = models.CharField(max_length=40, blank=True)
    phone_e164 = NormalizedPhoneField(of="phone", help_text="The phone number in international form.")
    address = models.TextField(
        blank=True, db_default="", max_length=1000, help_text="Where goods and invoices go; orders keep a copy."
    )
    language = models.CharField(
        max_length=2, choices=Language.choices, default=Language.ENGLISH, db_default="en", help_text="Of our e-mails."
    )
    company = models.ForeignKey(
        Company, on_delete=models.SET_NULL, null=True, blank=True, related_name="customers", db_index=False
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customer",
        verbose_name="login",
        help_text="The login that acts as this customer over the API; empty for a customer that only staff serve.",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The colleague who looks after the customer.",
    )
    custom_fields = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="Values of the shop's own fields."
    )
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the person's data was erased (UTC)."
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="customers", db_table="users_customer_tag")

    class Meta:
        db_table = "users_customer"
        ordering = ["-id"]
        indexes = [
            # serves: a company's customers newest first
            models.Index(fields=["company", "-id"], name="customer_company"),
            # serves: a colleague's customers newest first
            models.Index(fields=["owner", "-id"], condition=Q(owner__isnull=False), name="customer_owner"),
            # serves: the same number written in another way
            models.Index(fields=["phone_e164"], condition=~Q(phone_e164=""), name="customer_phone_e164"),
            # serve: search and autocomplete by the beginning of name, e-mail or phone
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="customer_name_prefix"),
            models.Index(OpClass(Lower("email"), name="text_pattern_ops"), name="customer_email_prefix"),
            models.Index(fields=["phone"], opclasses=["varchar_pattern_ops"], name="customer_phone_prefix"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=Language.values), name="customer_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
