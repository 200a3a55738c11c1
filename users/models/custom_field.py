"""Fields that a shop adds to its records without a migration."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from shared.models.base import TimestampedModel


class CustomFieldKind(models.TextChoices):
    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    BOOLEAN = "boolean", "Yes or no"
    CHOICE = "choice", "One of a list"


class CustomFieldOwner(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    COMPANY = "company", "Company"
    LEAD = "lead", "Lead"
    DEAL = "deal", "Deal"


class CustomField(TimestampedModel):
    """The values stand in the record's `custom_fields`, by `key`."""

    model = models.CharField(max_length=8, choices=CustomFieldOwner.choices, help_text="Which records have it.")
    key = models.CharField(
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", "Lower-case letters, digits and _; a letter first.")],
        help_text="Its name in the API and in imports. Cannot be changed later.",
    )
    label = models.CharField(max_length=80, help_text="Its name on pages.")
    kind = models.CharField(max_length=7, choices=CustomFieldKind.choices, default=CustomFieldKind.TEXT)
    choices = models.JSONField(default=list, blank=True, help_text='For "one of a list": the texts to choose from.')
    is_required = models.BooleanField(default=False)
    help_text = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Place among the fields, lowest first.")

    class Meta:
        db_table = "users_custom_field"
        ordering = ["model", "position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["model", "key"], name="custom_field_key_unique"),
            models.CheckConstraint(condition=Q(model__in=CustomFieldOwner.values), name="custom_field_model_known"),
            models.CheckConstraint(condition=Q(kind__in=CustomFieldKind.values), name="custom_field_kind_known"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="custom_field_key_format"),
        ]

    def __str__(self) -> str:
        return self.label
