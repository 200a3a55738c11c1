"""The organisation a customer belongs to."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Lower

from shared.models.base import TimestampedModel


class Company(TimestampedModel):
    name = models.CharField(max_length=200)
    website = models.URLField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True, max_length=1000)
    note = models.TextField(blank=True, max_length=10_000)

    class Meta:
        db_table = "users_company"
        verbose_name_plural = "companies"
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"], name="company_name"),  # serves: the list by name
            # serves: search and autocomplete by the name's beginning
            models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="company_name_prefix"),
        ]

    def __str__(self) -> str:
        return self.name
