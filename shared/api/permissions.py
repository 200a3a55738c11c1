"""Who may do what. Deny by default: a view names one of these, and a key needs the scope the view names."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from shared.api.principal import is_staff, key_of


class DenyAll(BasePermission):
    """What a view that names no permission gets."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class ScopedPermission(BasePermission):
    """A key acts as its owner with at most its scopes.

    `view.required_scopes` maps an action's name, or else "read" / "write", to a scope; without one, keys are
    refused.
    """

    def allows(self, request: Request, view: Any) -> bool:
        """Whether the user may, were there no scopes."""
        raise NotImplementedError

    def has_permission(self, request: Request, view: Any) -> bool:
        if not self.allows(request, view):
            return False
        key = key_of(request)
        if key is None:
            return True
        scope = _needed_scope(request, view)
        self.message = f"This API key lacks the scope {scope}." if scope else "API keys cannot do this."
        self.code = "missing_scope"
        return scope is not None and scope in key.scopes


def _needed_scope(request: Request, view: Any) -> str | None:
    scopes = getattr(view, "required_scopes", {})
    kind = "read" if request.method in SAFE_METHODS else "write"
    scope = scopes.get(getattr(view, "action", None)) or scopes.get(kind)
    return str(scope) if scope else None


class IsStaff(ScopedPermission):
    def allows(self, request: Request, view: Any) -> bool:
        return is_staff(request)


class IsSignedIn(ScopedPermission):
    """Anyone signed in; the view's queryset decides which rows exist for them (another's row is a 404)."""

    def allows(self, request: Request, view: Any) -> bool:
        return bool(request.user.is_authenticated)


class PublicReads(ScopedPermission):
    """Anyone reads what the view's queryset shows them; staff write."""

    def allows(self, request: Request, view: Any) -> bool:
        return is_staff(request)

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)
