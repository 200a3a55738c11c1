"""A filtered list that somebody comes back to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel


class SavedView(TimestampedModel):
    """`page` is a model's label, e.g. orders.order; `query` the list's query string without the page number."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    page = models.CharField(_("page"), max_length=80)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("query"), max_length=2000, blank=True)
    is_shared = models.BooleanField(
        _("is shared"), default=False, help_text=_("Everybody who may see the list sees this view.")
    )

    class Meta:
        db_table = "crm_saved_view"
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["page", "name", "id"]
        indexes = [
            models.Index(fields=["page", "name"], name="saved_view_page"),  # serves: the views of a list
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class DefaultView(TimestampedModel):
    """The view that a colleague's list opens with, while they may see it: their own, or one that somebody shares."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    page = models.CharField(_("page"), max_length=80)
    view = models.ForeignKey(SavedView, verbose_name=_("view"), on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        db_table = "crm_default_view"
        verbose_name = _("default view")
        verbose_name_plural = _("default views")
        constraints = [
            # Its index also serves: what a list opens with.
            models.UniqueConstraint(fields=["owner", "page"], name="default_view_once"),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.view_id}"
