"""Whose endpoints somebody sees and changes.

Whoever changes an endpoint's address is sent what its owner may see, so they must be able to do as much; and a key
has to do with those alone that a key of no more scopes made, for they get no more than it may see. What its owner made
signed in gets all that the owner may see: a key that has every scope sees that, too.
"""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from users.access.ownership import record_access_of
from users.access.rank import check_may_rule
from users.models.api_key import Scope
from webhooks.endpoints.owners import existing_endpoints, owner_reads
from webhooks.models.endpoint import Endpoint

# Serving an assistant opens nothing by itself.
_ALL_OF_THE_OWNER: Final = frozenset(Scope.values) - {Scope.MCP}


def endpoints_shown(user: Any, *, scopes: Collection[str] | None = None) -> QuerySet[Endpoint]:
    """To a colleague, by a key with these scopes if one signed in. A seller's people see their own."""
    may_read = ExpressionWrapper(owner_reads(), BooleanField())
    endpoints = existing_endpoints().select_related("owner", "api_key").annotate(owner_reads=may_read)
    if scopes is not None:
        by_keys = Q(api_key__scopes__contained_by=list(scopes))
        # A key acts as its owner with at most its scopes: one that has them all is the owner.
        shown = by_keys | Q(api_key=None) if {*scopes} >= _ALL_OF_THE_OWNER else by_keys
        return endpoints.filter(shown, owner=user.pk)
    return endpoints.filter(owner=user.pk) if record_access_of(user).only_own_sellers else endpoints


def check_may_change(user: Any, endpoint: Endpoint) -> None:
    """Raises PermissionDenied for the endpoint of somebody who may do more."""
    check_may_rule(user, endpoint.owner)
