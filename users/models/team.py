"""Colleagues who share their records."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel


class Team(BaseModel):
    """Who has rights over "the team's" records has them over those whose owner is in the same team."""

    name = models.CharField(_("name"), max_length=80)

    class Meta:
        db_table = "users_team"
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_unique")]

    def __str__(self) -> str:
        return self.name
