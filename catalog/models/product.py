"""What is sold, as buyers see it; what is priced and stocked is its variants."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.category import Category
from shared.models.base import TimestampedModel
from shared.models.metadata import MetadataField, metadata_checks
from shared.planner.folding import Fold
from shared.planner.word_search import WordIndex
from shared.planner.words import Words, words_index

PRODUCT_WORDS = Words("name")


class Product(TimestampedModel):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("slug"), max_length=220, unique=True, help_text=_("In URLs; made from the name when empty.")
    )
    description = models.TextField(_("description"), blank=True, max_length=20_000)
    category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    is_active = models.BooleanField(
        _("is active"), default=True, help_text=_("Hidden from shops when off; orders keep what they bought.")
    )
    metadata = MetadataField()

    class Meta:
        db_table = "catalog_product"
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["-id"]
        indexes = [
            # serves: the few that are switched off, newest first
            models.Index(fields=["-id"], condition=models.Q(is_active=False), name="product_inactive"),
            # serves: search and autocomplete by words
            words_index(PRODUCT_WORDS, "product_words"),
            # serves: search and autocomplete by the name's beginning
            models.Index(OpClass(Fold("name"), name="text_pattern_ops"), name="product_name_folded"),
        ]
        constraints = [*metadata_checks("product")]

    def __str__(self) -> str:
        return self.name


PRODUCTS_BY_WORDS = WordIndex(Product, "product_words", PRODUCT_WORDS)
