"""The organisation a customer belongs to."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel
from shared.planner.folding import Fold
from shared.planner.word_search import WordIndex
from shared.planner.words import Words, words_index
from shared.text.tax_number import TaxNumberField, tax_number_check

COMPANY_WORDS = Words("name", phone=("phone",))


class Company(TimestampedModel):
    name = models.CharField(_("name"), max_length=200)
    website = models.URLField(_("website"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.TextField(_("address"), blank=True, max_length=1000)
    tax_number = TaxNumberField(
        _("tax number"), help_text=_("On the documents of its customers who have none of their own, e.g. the VAT ID.")
    )
    note = models.TextField(_("note"), blank=True, max_length=10_000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("The colleague who looks after the company."),
        verbose_name=_("owner"),
    )
    custom_fields = models.JSONField(
        _("custom fields"), default=dict, db_default={}, blank=True, help_text=_("Values of the shop's own fields.")
    )

    class Meta:
        db_table = "users_company"
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"], name="company_name"),  # serves: the list by name
            # serves: a colleague's companies
            models.Index(fields=["owner", "name"], condition=Q(owner__isnull=False), name="company_owner"),
            # serves: search and autocomplete by words
            words_index(COMPANY_WORDS, "company_words"),
            # serves: search and autocomplete by the name's beginning
            models.Index(OpClass(Fold("name"), name="text_pattern_ops"), name="company_name_folded"),
            # serves: whose tax number it is, or begins so
            models.Index(
                fields=["tax_number"],
                opclasses=["varchar_pattern_ops"],
                condition=~Q(tax_number=""),
                name="company_tax_number_begins",
            ),
        ]
        constraints = [tax_number_check("company_tax_number_is_plain")]

    def __str__(self) -> str:
        return self.name


COMPANIES_BY_WORDS = WordIndex(Company, "company_words", COMPANY_WORDS)
