"""Who may do what. Deny by default: a view names one of these, and a key needs the scopes the view names.

Staff need the permissions of their roles, over the API as in the admin; those without a role may do nothing.
"""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from shared.api.principal import is_staff, key_of, staff_may

# One name, or several that are all needed.
Needed = str | tuple[str, ...]

_VERBS = {"list": "view", "retrieve": "view", "create": "add", "partial_update": "change", "destroy": "delete"}


class DenyAll(BasePermission):
    """What a view that names no permission gets."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class ScopedPermission(BasePermission):
    """A key acts as its owner with at most its scopes.

    `view.required_scopes` maps an action's name, or else "read" / "write", to a scope or to several, all of which are
    needed: of all that the action reads and writes; without one, keys are refused. `view.required_permissions` maps an
    action's name to the permission, or all the permissions, that staff need for it, None for none; the actions that
    are not named need Django's own permission for the view's model.
    """

    def allows(self, request: Request, view: Any) -> bool:
        """Whether the user may, were there no scopes."""
        raise NotImplementedError

    def has_permission(self, request: Request, view: Any) -> bool:
        if not self.allows(request, view):
            if is_staff(request):
                lacking = [one for one in needed_permissions(request, view) if not staff_may(request, one)]
                self.message = f"Your role lacks the permission {', '.join(lacking)}."
            return False
        key = key_of(request)
        if key is None:
            return True
        scopes = needed_scopes(request, view)
        lacking = [scope for scope in scopes if scope not in key.scopes]
        self.message = f"This API key lacks the scope {', '.join(lacking)}." if scopes else "API keys cannot do this."
        self.code = "missing_scope"
        # No scope named: a new route is closed to keys until somebody says which one opens it.
        return bool(scopes) and not lacking


def may_also(request: Request, *, permission: str, scope: str) -> bool:
    """Whether staff may do what only some bodies of an action ask for, and their key, where one signed in."""
    key = key_of(request)
    return staff_may(request, permission) and (key is None or scope in key.scopes)


def require_also(request: Request, *, permission: str, scope: str) -> None:
    """Raises PermissionDenied where may_also says no."""
    if not staff_may(request, permission):
        raise PermissionDenied(f"Your role lacks the permission {permission}.")
    if not may_also(request, permission=permission, scope=scope):
        raise PermissionDenied(f"This API key lacks the scope {scope}.", "missing_scope")


def needed_permissions(request: Request, view: Any) -> tuple[str, ...]:
    """The permissions that staff need, all of them."""
    action = getattr(view, "action", None)
    named: dict[str, Needed | None] = getattr(view, "required_permissions", {})
    if action in named:
        return _each_scope(named[action])
    by_method = "view" if request.method in SAFE_METHODS else "delete" if request.method == "DELETE" else "change"
    meta = view.queryset.model._meta
    return (f"{meta.app_label}.{_VERBS.get(action or '', by_method)}_{meta.model_name}",)


def needed_scopes(request: Request, view: Any) -> tuple[str, ...]:
    """The scopes that a key needs, all of them; none: no key may."""
    scopes: dict[str, Needed] = getattr(view, "required_scopes", {})
    kind = "read" if request.method in SAFE_METHODS else "write"
    return _each_scope(scopes.get(getattr(view, "action", None) or "") or scopes.get(kind))


def _each_scope(named: Needed | None) -> tuple[str, ...]:
    """Plain strings, also of choices."""
    several = () if named is None else (named,) if isinstance(named, str) else named
    return tuple(str(one) for one in several)


def _staff_may_all(request: Request, view: Any) -> bool:
    return is_staff(request) and all(staff_may(request, one) for one in needed_permissions(request, view))


class IsStaff(ScopedPermission):
    def allows(self, request: Request, view: Any) -> bool:
        return _staff_may_all(request, view)


class IsSignedIn(ScopedPermission):
    """Anyone signed in; the view's queryset decides which rows exist for them (another's row is a 404)."""

    def allows(self, request: Request, view: Any) -> bool:
        if is_staff(request):
            return _staff_may_all(request, view)
        return bool(request.user.is_authenticated)


class PublicReads(ScopedPermission):
    """Anyone reads what the view's queryset shows them; staff write."""

    def allows(self, request: Request, view: Any) -> bool:
        return _staff_may_all(request, view)

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)
