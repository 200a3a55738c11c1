"""Colleagues who share their records."""

from django.db import models
from django.db.models.functions import Lower

from shared.models.base import BaseModel


class Team(BaseModel):
    """Who has rights over "the team's" records has them over those whose owner is in the same team."""

    name = models.CharField(max_length=80)

    class Meta:
        db_table = "users_team"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_unique")]

    def __str__(self) -> str:
        return self.name
