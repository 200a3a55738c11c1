"""Colleagues who share their records."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from shared.database.errors import AlreadyExists
from shared.database.write_row import delete_row, save_row
from users.models.team import Team

_TAKEN = {"team_name_unique": lambda: AlreadyExists("/name", gettext("There is a team of this name."))}


def save_team(*, team_id: UUID | None, values: Mapping[str, Any]) -> Team:
    """Make a team, or change one. Raises NotFound, InvalidInput, AlreadyExists for a name that is there in any case."""
    return save_row(Team, key=team_id, values=values, refusals=_TAKEN)


def delete_team(*, team_id: UUID) -> None:
    """Delete a team; its members stay, without one. Raises NotFound."""
    delete_row(Team, key=team_id)
