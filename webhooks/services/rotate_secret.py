"""Give an endpoint a new secret."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.clock import database_now
from shared.errors import Refusal
from webhooks.deliveries.locking import lock_endpoint
from webhooks.endpoints.secrets import BOTH_SIGN, MOST_ROTATED_OUT, new_secret, rotated_out, seal
from webhooks.models.endpoint import Endpoint


class TooManySecrets(Refusal):
    """As many secrets as may still sign. `until`: when the first of them ends."""

    code = "too_many_secrets"
    title = _("The secret was rotated too often")
    members = {"limit": int, "until": str}


@transaction.atomic
def rotate_secret(*, endpoint_id: UUID, now: datetime | None = None) -> tuple[Endpoint, str]:
    """The endpoint and its new secret, readable in this answer alone. For 24 hours the one before signs as well, and
    so does each of those before for its own 24. Locks: the endpoint. Raises TooManySecrets or NotFound."""
    endpoint, secret = lock_endpoint(endpoint_id), new_secret()
    moment = now or database_now()
    older = rotated_out(endpoint, now=moment)
    # Refused, as none may be dropped: a receiver was promised that it signs for a day.
    if len(older) >= MOST_ROTATED_OUT:
        text = gettext("%(limit)d older secrets still sign. The first of them ends at %(until)s.")
        until = older[-1][1].isoformat(timespec="seconds").replace("+00:00", "Z")
        values = {"limit": MOST_ROTATED_OUT, "until": until}
        raise TooManySecrets(text % values, **values)
    endpoint.older_secrets = [[sealed, until.isoformat()] for sealed, until in older]
    endpoint.previous_secret, endpoint.secret = endpoint.secret, seal(secret)
    endpoint.previous_until = moment + BOTH_SIGN
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until", "older_secrets", "updated_at"])
    return endpoint, secret
