"""Make and change endpoints."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from events.feed.reading import last_position
from events.feed.types import types_like
from shared.errors import InvalidInput
from users.models.user import User
from webhooks.deliveries.locking import lock_endpoint
from webhooks.endpoints.secrets import new_secret, seal
from webhooks.endpoints.url_rules import check_url
from webhooks.models.endpoint import DisabledReason, Endpoint, EndpointState, Include
from webhooks.services.disable_endpoint import disable_locked, enable_locked

MOST_TYPES = 100


@transaction.atomic
def create_endpoint(
    *,
    owner: User,
    url: str,
    types: Sequence[str],
    include: str = Include.NOTHING,
    description: str = "",
    api_key_id: UUID | None = None,
) -> tuple[Endpoint, str]:
    """An endpoint that gets, from now on, the events of these types that `owner`, and the key that made it, may see;
    with its secret, which is in this answer and, readable, nowhere else. Raises InvalidInput."""
    check_url(url)
    _check_types(types)
    secret = new_secret()
    endpoint = Endpoint.objects.create(
        owner=owner,
        api_key_id=api_key_id,
        url=url,
        types=list(dict.fromkeys(types)),
        include=include,
        description=description,
        secret=seal(secret),
        position=last_position(),
    )
    return endpoint, secret


@transaction.atomic
def update_endpoint(*, endpoint_id: UUID, changes: Mapping[str, Any]) -> Endpoint:
    """Change `url`, `types`, `include`, `description` or `state`, all of it or nothing: one that is to be disabled is
    not sent to at its new address before. Locks: the endpoint. Raises InvalidInput or NotFound."""
    endpoint = lock_endpoint(endpoint_id)
    fields = {name: value for name, value in changes.items() if name != "state"}
    if "url" in changes:
        check_url(changes["url"])
    if "types" in changes:
        _check_types(changes["types"])
    for name, value in fields.items():
        setattr(endpoint, name, list(dict.fromkeys(value)) if name == "types" else value)
    if fields:
        endpoint.save(update_fields=[*fields, "updated_at"])
    if "state" not in changes:
        return endpoint
    if changes["state"] == EndpointState.ENABLED:
        return enable_locked(endpoint)
    return disable_locked(endpoint, reason=DisabledReason.BY_HAND)


def _check_types(types: Sequence[str]) -> None:
    if not 1 <= len(types) <= MOST_TYPES:
        text = gettext("Name 1 to %(most)d types.") % {"most": MOST_TYPES}
        raise InvalidInput(("/types", "invalid", text))
    faults = [
        (f"/types/{place}", "unknown_type", gettext("There are no events of the type %(name)s.") % {"name": name[:60]})
        for place, name in enumerate(types)
        if not types_like(name)
    ]
    if faults:
        raise InvalidInput(*faults)
