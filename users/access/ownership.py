"""Whose records a colleague reaches: the one place that narrows a list and checks a row.

Permissions say what a role does with customers at all; this says with which. A user without a role, and a superuser,
reaches all. Of several roles the widest counts. What has no owner is everybody's, so that nothing gets lost.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext

from shared.planner.lookups import one_of
from users.models.role import AccessLevel
from users.models.user import User

# model: the field that names its owner
OWNERS = {
    "users.customer": "owner",
    "users.company": "owner",
    "crm.lead": "owner",
    "crm.deal": "owner",
    "crm.task": "assignee",
}
_OF_ROLE = ("role__sees", "role__changes", "role__only_own_sellers")
_WIDTH = {level: width for width, level in enumerate(AccessLevel.values)}

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class RecordAccess:
    """The records that all roles of a user give access to, together: of several levels the widest."""

    sees: str = AccessLevel.ALL
    changes: str = AccessLevel.ALL
    only_own_sellers: bool = False


def record_access_of(user: Any) -> RecordAccess:
    """One statement for a user with a role, kept with the user; none for others."""
    known = user.__dict__.get("_record_access")
    if known is None:
        known = (
            _read_access(user) if user.is_authenticated and not user.is_superuser and user.has_role else RecordAccess()
        )
        user.__dict__["_record_access"] = known
    return known  # type: ignore[no-any-return]


def _read_access(user: User) -> RecordAccess:
    of_groups = Group.objects.filter(user=user.pk).order_by()
    return _widest(list(of_groups.values_list(*_OF_ROLE)))


def learn_record_access(users: Collection[User]) -> None:
    """Read the record access of all of them in one statement, to be kept with each."""
    of_user: dict[UUID, list[Any]] = {user.pk: [] for user in users if not user.is_superuser}
    of_groups = Group.objects.filter(user__in=list(of_user)).order_by()
    for key, *row in of_groups.values_list("user", *_OF_ROLE):
        of_user[key].append(row)
    for user in users:
        rows = of_user.get(user.pk)
        user.__dict__["_record_access"] = _widest(rows) if rows else RecordAccess()


def _widest(rows: Sequence[Any]) -> RecordAccess:
    return RecordAccess(
        # A group without a row of its own is no role of Kontor's, and narrows nothing.
        sees=max((sees or AccessLevel.ALL for sees, _, _ in rows), key=_WIDTH.__getitem__),
        changes=max((changes or AccessLevel.ALL for _, changes, _ in rows), key=_WIDTH.__getitem__),
        only_own_sellers=all(only_own for _, _, only_own in rows),
    )


def visible_to(user: Any, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of `rows` that the user sees; all of a model that nobody owns."""
    field = owner_field(rows.model)
    level = record_access_of(user).sees
    if field is None or level == AccessLevel.ALL:
        return rows
    return rows.filter(Q(**{f"{field}__isnull": True}) | one_of(f"{field}_id", _owners_within(user, level)))


def may_see(user: Any, row: Model) -> bool:
    """Whether visible_to would leave the row in."""
    return _covers(user, row, record_access_of(user).sees)


def may_change(user: Any, row: Model) -> bool:
    """Whether the user's record access covers the row; whether they may change such rows at all is a permission."""
    access = record_access_of(user)
    # Nobody changes what they do not see, whatever their roles say of changing.
    return _covers(user, row, min(access.sees, access.changes, key=_WIDTH.__getitem__))


def _covers(user: Any, row: Model, level: str) -> bool:
    field = owner_field(type(row))
    if field is None or level == AccessLevel.ALL:
        return True
    owner_id = _owner_key(getattr(row, f"{field}_id"))
    return owner_id is None or owner_id in _owners_within(user, level)


def check_may_change(user: Any, *rows: Model) -> None:
    """Raises PermissionDenied for a row beyond the user's record access; whoever touches several names them all."""
    if not all(may_change(user, row) for row in rows):
        raise PermissionDenied(gettext("It is another colleague's, and your role changes only some."))


def changeable_by(user: Any, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of `rows` that the user may change, for what is done to many at once."""
    field = owner_field(rows.model)
    level = record_access_of(user).changes
    rows = visible_to(user, rows)
    if field is None or level == AccessLevel.ALL:
        return rows
    return rows.filter(Q(**{f"{field}__isnull": True}) | one_of(f"{field}_id", _owners_within(user, level)))


def owner_of_new(user: Any) -> UUID | None:
    """Whose a row becomes that somebody adds: colleagues with a role look after whom they add; whoever has none is
    nobody's guardian."""
    return user.pk if user.has_role else None


def owner_field(model: type[Model]) -> str | None:
    """The field that names the owner, None for what nobody owns."""
    return OWNERS.get(model._meta.label_lower)


def _owner_key(owner_id: Any) -> UUID | None:
    return UUID(owner_id) if isinstance(owner_id, str) else owner_id


def _owners_within(user: Any, level: str) -> list[UUID]:
    """The user, and at the team's level everybody in it. One statement, kept with the user."""
    if level != AccessLevel.TEAM or user.team_id is None:
        return [user.pk]
    known = user.__dict__.get("_team_mates")
    if known is None:
        known = list(User.objects.filter(team=user.team_id).order_by().values_list("pk", flat=True))
        user.__dict__["_team_mates"] = known
    return known  # type: ignore[no-any-return]
