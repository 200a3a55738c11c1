"""What a role reaches beyond its permissions."""

from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from shared.models.base import BaseModel


class AccessLevel(models.TextChoices):
    """Whose records, each including the former. A record without an owner is everybody's."""

    OWN = "own", _("Their own")
    TEAM = "team", _("Their team's")
    ALL = "all", _("All")


class Role(BaseModel):
    """A group's record access. A group without such a row reaches everything that its permissions allow.

    Outlives its group, so that a role the shop has deleted is not made again.
    """

    group = models.OneToOneField(
        Group, on_delete=models.SET_NULL, null=True, related_name="role", verbose_name=_("role"), editable=False
    )
    key = models.CharField(  # noqa: DJ001 - unique, and the shop's own roles have none
        _("key"),
        max_length=20,
        null=True,
        unique=True,
        editable=False,
        help_text=_("Of the roles that Kontor brings."),
    )
    sees = models.CharField(
        pgettext_lazy("role", "sees"),
        max_length=4,
        choices=AccessLevel.choices,
        default=AccessLevel.ALL,
        help_text=_("Whose customers, companies, leads, deals and tasks they see. What has no owner is everybody's."),
    )
    changes = models.CharField(
        pgettext_lazy("role", "changes"),
        max_length=4,
        choices=AccessLevel.choices,
        default=AccessLevel.ALL,
        help_text=_("Whose they change, among those that they see."),
    )
    only_own_sellers = models.BooleanField(
        _("only own sellers"),
        default=False,
        help_text=_("Orders, items and stock of the sellers they work for alone; of none, where they work for none."),
    )
    offered = ArrayField(
        models.CharField(max_length=120),
        default=list,
        editable=False,
        help_text=_("Permissions that Kontor has given the group once; what was taken from it since stays taken."),
        verbose_name=_("offered"),
    )

    class Meta:
        db_table = "users_role"
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(condition=Q(sees__in=AccessLevel.values), name="role_sees_known"),
            models.CheckConstraint(condition=Q(changes__in=AccessLevel.values), name="role_changes_known"),
        ]
        permissions = [
            ("merge_customers", gettext_noop("Can merge duplicate customers")),
            ("export_person", gettext_noop("Can export a person's data")),
            ("erase_customers", gettext_noop("Can erase a person's data")),
            ("import_records", gettext_noop("Can import records from files")),
            ("export_records", gettext_noop("Can export lists to files")),
        ]

    def __str__(self) -> str:
        return str(self.group or self.key)
