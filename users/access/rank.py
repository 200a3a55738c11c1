"""Who may do more than whom. Whoever changes logins sets the password, e-mail address, second factor and rights of
nobody who may do more than themselves, and gives no right that they do not have: else one right opens all the others.

A superuser may do everything. Of two others, one may do more who has a permission that the other lacks. Whoever reaches
some records alone changes only logins without a role, for a colleague's records may be out of their reach.
"""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from users.access.ownership import RecordAccess, record_access_of
from users.models.user import User


def permissions_of_login(user: Any) -> QuerySet[Permission]:
    """What a login holds, by its roles and by itself, also while it is switched off."""
    held = Q(group__in=Group.objects.filter(user=user.pk).order_by().values("pk")) | Q(user=user.pk)
    return Permission.objects.filter(pk__in=Permission.objects.filter(held).order_by().values("pk"))


def ruled_by(user: Any, logins: QuerySet[User]) -> QuerySet[User]:
    """Those of `logins` who may do no more than the user, the user included."""
    if user.is_superuser:
        return logins
    beyond = _permissions_beyond(user)
    in_group, by_hand = User.groups.through._default_manager, User.user_permissions.through._default_manager
    if record_access_of(user) == RecordAccess():
        more = Q(pk__in=in_group.filter(group__permissions__in=beyond).values("user_id"))
        more |= Q(pk__in=by_hand.filter(permission__in=beyond).values("user_id"))
    else:
        more = Q(pk__in=in_group.values("user_id")) | Q(pk__in=by_hand.values("user_id"))
    return logins.filter(Q(pk=user.pk) | ~more, is_superuser=False)


def may_rule(user: Any, login: User) -> bool:
    """Whether the login may do no more than the user. One statement for each of both, kept with the user."""
    known: dict[Any, bool] = user.__dict__.setdefault("_rules", {})
    if login.pk not in known:
        known[login.pk] = user.is_superuser or ruled_by(user, User.objects.filter(pk=login.pk)).exists()
    return known[login.pk]


def check_may_rule(user: Any, login: User) -> None:
    """Raises PermissionDenied for a login that may do more than the user."""
    if not may_rule(user, login):
        raise PermissionDenied(gettext("They may do more than you: ask somebody who may do as much."))


def roles_given_by(user: Any) -> QuerySet[Group]:
    """The roles that the user may give, take and change: those with no right beyond their own."""
    groups = Group.objects.order_by("name")
    if user.is_superuser:
        return groups
    if record_access_of(user) != RecordAccess():
        return groups.none()
    links = Group.permissions.through._default_manager
    return groups.exclude(pk__in=links.filter(permission__in=_permissions_beyond(user)).values("group_id"))


def _permissions_beyond(user: Any) -> Any:
    """The permissions that the user does not have."""
    return Permission.objects.exclude(pk__in=permissions_of_login(user).order_by().values("pk")).order_by().values("pk")
