"""Who buys."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Lower

from shared.models.base import TimestampedModel
from users.models.company import Company
from users.models.tag import Tag


class Customer(TimestampedModel):
    """A person who buys; may belong to a company and may have a login.

    E-mail addresses are not unique here: two people may share one, and duplicates are found and merged by staff.
    """

    name = models.CharField(max_length=200)
    email = models.EmailField("e-mail")
    phone = models.CharField(max_length=40, blank=True)
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
    tags = models.ManyToManyField(Tag, blank=True, related_name="customers", db_table="users_customer_tag")

    class Meta:
        db_table = "users_customer"
        ordering = ["-id"]
        indexes = [
            # serves: a company's customers newest first
            models.Index(fields=["company", "-id"], name="customer_company"),
            # serve: search and autocomplete by the beginning of name, e-mail or phone
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="customer_name_prefix"),
            models.Index(OpClass(Lower("email"), name="text_pattern_ops"), name="customer_email_prefix"),
            models.Index(fields=["phone"], opclasses=["varchar_pattern_ops"], name="customer_phone_prefix"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
