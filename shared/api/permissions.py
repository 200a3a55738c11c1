"""Who may do what. Deny by default: a view names one of these, and a key needs the scope the view names.

Of staff, those with a role need its permissions, over the API as in the admin; those without one may do everything.
"""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from shared.api.principal import is_staff, key_of, staff_may

_VERBS = {"list": "view", "retrieve": "view", "create": "add", "partial_update": "change", "destroy": "delete"}


class DenyAll(BasePermission):
    """What a view that names no permission gets."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class ScopedPermission(BasePermission):
    """A key acts as its owner with at most its scopes.

    `view.required_scopes` maps an action's name, or else "read" / "write", to a scope; without one, keys are
    refused. `view.required_permissions` maps an action's name to the permission that staff with a role need for it,
    None for none; the actions that are not named need Django's own permission for the view's model.
    """

    def allows(self, request: Request, view: Any) -> bool:
        """Whether the user may, were there no scopes."""
        raise NotImplementedError

    def has_permission(self, request: Request, view: Any) -> bool:
        if not self.allows(request, view):
            if is_staff(request):
                self.message = f"Your role lacks the permission {needed_permission(request, view)}."
            return False
        key = key_of(request)
        if key is None:
            return True
        scope = _needed_scope(request, view)
        self.message = f"This API key lacks the scope {scope}." if scope else "API keys cannot do this."
        self.code = "missing_scope"
        return scope is not None and scope in key.scopes


def needed_permission(request: Request, view: Any) -> str | None:
    """The permission that staff with a role need, None for none."""
    action = getattr(view, "action", None)
    named: dict[str, str | None] = getattr(view, "required_permissions", {})
    if action in named:
        return named[action]
    by_method = "view" if request.method in SAFE_METHODS else "delete" if request.method == "DELETE" else "change"
    meta = view.queryset.model._meta
    return f"{meta.app_label}.{_VERBS.get(action or '', by_method)}_{meta.model_name}"


def _needed_scope(request: Request, view: Any) -> str | None:
    scopes = getattr(view, "required_scopes", {})
    kind = "read" if request.method in SAFE_METHODS else "write"
    scope = scopes.get(getattr(view, "action", None)) or scopes.get(kind)
    return str(scope) if scope else None


class IsStaff(ScopedPermission):
    def allows(self, request: Request, view: Any) -> bool:
        return staff_may(request, needed_permission(request, view))


class IsSignedIn(ScopedPermission):
    """Anyone signed in; the view's queryset decides which rows exist for them (another's row is a 404)."""

    def allows(self, request: Request, view: Any) -> bool:
        if is_staff(request):
            return staff_may(request, needed_permission(request, view))
        return bool(request.user.is_authenticated)


class PublicReads(ScopedPermission):
    """Anyone reads what the view's queryset shows them; staff write."""

    def allows(self, request: Request, view: Any) -> bool:
        return staff_may(request, needed_permission(request, view))

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)
