"""Fields that a shop adds to its records without a migration."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel


class CustomFieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("One of a list")


class CustomFieldOwner(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    COMPANY = "company", _("Company")
    LEAD = "lead", _("Lead")
    DEAL = "deal", _("Deal")


class CustomField(TimestampedModel):
    """The values stand in the record's `custom_fields`, by `key`."""

    model = models.CharField(
        _("model"), max_length=8, choices=CustomFieldOwner.choices, help_text=_("Which records have it.")
    )
    key = models.CharField(
        _("key"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("Lower-case letters, digits and _; a letter first."))],
        help_text=_("Its name in the API and in imports. Cannot be changed later."),
    )
    label = models.CharField(_("label"), max_length=80, help_text=_("Its name on pages."))
    kind = models.CharField(_("kind"), max_length=7, choices=CustomFieldKind.choices, default=CustomFieldKind.TEXT)
    choices = models.JSONField(
        _("choices"), default=list, blank=True, help_text=_('For "one of a list": the texts to choose from.')
    )
    is_required = models.BooleanField(_("is required"), default=False)
    help_text = models.CharField(_("help text"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Place among the fields, lowest first.")
    )

    class Meta:
        db_table = "users_custom_field"
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ["model", "position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["model", "key"], name="custom_field_key_unique"),
            models.CheckConstraint(condition=Q(model__in=CustomFieldOwner.values), name="custom_field_model_known"),
            models.CheckConstraint(condition=Q(kind__in=CustomFieldKind.values), name="custom_field_kind_known"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="custom_field_key_format"),
        ]

    def __str__(self) -> str:
        return self.label
