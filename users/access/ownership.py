"""Whose records a colleague reaches: the one place that narrows a list and checks a row.

Permissions say what a role does with customers at all; this says with which. A user without a role, and a superuser,
reaches all. Of several roles the widest counts. What has no owner is everybody's, so that nothing gets lost.
"""

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext

from shared.planner.lookups import one_of
from users.models.role import Reach
from users.models.user import User

# model: the field that names its owner
OWNERS = {
    "users.customer": "owner",
    "users.company": "owner",
    "crm.lead": "owner",
    "crm.deal": "owner",
    "crm.task": "assignee",
}
_WIDTH = {reach: width for width, reach in enumerate(Reach.values)}

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Reaches:
    """What all roles of a user reach together."""

    sees: str = Reach.ALL
    changes: str = Reach.ALL
    only_own_sellers: bool = False


def reaches_of(user: Any) -> Reaches:
    """One statement for a user with a role, kept with the user; none for others."""
    known = user.__dict__.get("_reaches")
    if known is None:
        known = _read_access(user) if user.is_authenticated and not user.is_superuser and user.has_role else Reaches()
        user.__dict__["_reaches"] = known
    return known  # type: ignore[no-any-return]


def _read_access(user: User) -> Reaches:
    of_groups = Group.objects.filter(user=user.pk).order_by()
    rows = list(of_groups.values_list("role__sees", "role__changes", "role__only_own_sellers"))
    return Reaches(
        sees=max((sees or Reach.ALL for sees, _, _ in rows), key=_WIDTH.__getitem__),
        changes=max((changes or Reach.ALL for _, changes, _ in rows), key=_WIDTH.__getitem__),
        only_own_sellers=all(only_own for _, _, only_own in rows),
    )


def visible_to(user: Any, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of `rows` that the user sees; all of a model that nobody owns."""
    field = owner_field(rows.model)
    reach = reaches_of(user).sees
    if field is None or reach == Reach.ALL:
        return rows
    return rows.filter(Q(**{f"{field}__isnull": True}) | one_of(f"{field}_id", _owners_within(user, reach)))


def may_change(user: Any, row: Model) -> bool:
    """Whether the row is within the user's reach; whether they may change such rows at all is a permission."""
    field = owner_field(type(row))
    reaches = reaches_of(user)
    reach = min(reaches.sees, reaches.changes, key=_WIDTH.__getitem__)
    if field is None or reach == Reach.ALL:
        return True
    owner_id = _owner_key(getattr(row, f"{field}_id"))
    return owner_id is None or owner_id in _owners_within(user, reach)


def check_may_change(user: Any, *rows: Model) -> None:
    """Raises PermissionDenied for a row beyond the user's reach; whoever touches several names them all."""
    if not all(may_change(user, row) for row in rows):
        raise PermissionDenied(gettext("It is another colleague's, and your role changes only some."))


def changeable_by(user: Any, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of `rows` that the user may change, for what is done to many at once."""
    field = owner_field(rows.model)
    reach = reaches_of(user).changes
    rows = visible_to(user, rows)
    if field is None or reach == Reach.ALL:
        return rows
    return rows.filter(Q(**{f"{field}__isnull": True}) | one_of(f"{field}_id", _owners_within(user, reach)))


def owner_field(model: type[Model]) -> str | None:
    """The field that names the owner, None for what nobody owns."""
    return OWNERS.get(model._meta.label_lower)


def _owner_key(owner_id: Any) -> UUID | None:
    return UUID(owner_id) if isinstance(owner_id, str) else owner_id


def _owners_within(user: Any, reach: str) -> list[UUID]:
    """The user, and for the team's reach everybody in it. One statement, kept with the user."""
    if reach != Reach.TEAM or user.team_id is None:
        return [user.pk]
    known = user.__dict__.get("_team_mates")
    if known is None:
        known = list(User.objects.filter(team=user.team_id).order_by().values_list("pk", flat=True))
        user.__dict__["_team_mates"] = known
    return known  # type: ignore[no-any-return]
