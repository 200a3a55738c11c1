"""The roles that Kontor brings, as groups."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from users.access.roles import FORMERLY, ROLES, RoleKind, permissions_of
from users.models.role import Role
from users.models.user import User


def ensure_roles(*, using: str = "default") -> None:
    """Make the roles that are missing and give each what the table has added since. Safe to call at any time.

    What an administrator did stays: a permission is offered to a group once and never again, none is ever taken, and
    a role whose group was deleted is not made anew. A group that had the name before is left as it is.
    """
    with transaction.atomic(using=using):
        labelled = Permission.objects.using(using).values_list("content_type__app_label", "codename", "pk")
        keys = {f"{app}.{codename}": pk for app, codename, pk in labelled}
        roles = {role.key: role for role in Role.objects.using(using).filter(key__isnull=False)}
        _keep_former_rights(keys, roles, using)
        for kind in ROLES:
            role = roles.get(kind.key) or _make_role(kind, using)
            missing = sorted(permissions_of(kind.key) & keys.keys() - set(role.offered))
            if missing:
                _give_permissions(role, missing, keys, using)


def _make_role(kind: RoleKind, using: str) -> Role:
    group, is_new = Group.objects.using(using).get_or_create(name=kind.key)
    role, _ = Role.objects.using(using).get_or_create(group=group)
    role.key = kind.key
    if is_new:
        role.sees, role.changes, role.only_own_sellers = kind.sees, kind.changes, kind.only_own_sellers
    else:
        # As if all had been offered: a group that had the name before is an administrator's own.
        role.offered = sorted(permissions_of(kind.key))
    role.save(using=using)
    return role


def _give_permissions(role: Role, labels: list[str], keys: dict[str, int], using: str) -> None:
    """Give them; but a right that was part of a wider one goes with that, which an administrator may have taken."""
    if role.group_id is not None:
        handed_down = {heir for former, heirs in FORMERLY.items() if former in role.offered for heir in heirs}
        links = Group.permissions.through._default_manager.using(using)
        given = [keys[label] for label in labels if label not in handed_down]
        made = [Group.permissions.through(group_id=role.group_id, permission_id=permission) for permission in given]
        links.bulk_create(made, ignore_conflicts=True)
    role.offered = sorted({*role.offered, *labels})
    role.save(using=using, update_fields=["offered"])


def _keep_former_rights(keys: dict[str, int], roles: dict[str | None, Role], using: str) -> None:
    """Who could do something by a permission that was wider then can still do it. Once for each new permission: the
    administrator's role, which has all, remembers which there were."""
    known = set(roles["admin"].offered) if "admin" in roles else set()
    for former, heirs in FORMERLY.items():
        new = [keys[label] for label in heirs if label in keys and label not in known]
        for group in Group.objects.using(using).filter(permissions=keys.get(former)):
            group.permissions.add(*new)
        for user in User.objects.using(using).filter(user_permissions=keys.get(former)):
            user.user_permissions.add(*new)
