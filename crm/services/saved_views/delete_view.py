"""Delete a saved view."""

from uuid import UUID

from django.utils.translation import gettext

from crm.models.saved_view import SavedView
from shared.actor import Actor
from shared.errors import NotFound


def delete_view(*, view_id: UUID, actor: Actor) -> None:
    """Forget a view. Raises NotFound for another's."""
    deleted, _ = SavedView.objects.filter(pk=view_id, owner_id=actor.user_id).delete()
    if not deleted:
        raise NotFound(gettext("There is no such view of yours."))
