"""Change a saved view of one's own."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.saved_view import SavedView
from crm.services.saved_views.check_view import NAME_TAKEN, check_view
from shared.actor import Actor
from shared.database.errors import named_constraints
from shared.errors import NotFound


def change_view(*, view_id: UUID, name: str, is_shared: bool, actor: Actor) -> SavedView:
    """Rename, share or stop sharing. Raises NotFound for another's, InvalidInput, AlreadyExists. Locks: the view."""
    name = check_view(name)
    with named_constraints(NAME_TAKEN), transaction.atomic():
        view = SavedView.objects.select_for_update(no_key=True).filter(pk=view_id, owner_id=actor.user_id).first()
        if view is None:
            raise NotFound(gettext("There is no such view of yours."))
        view.name, view.is_shared = name, is_shared
        view.save(update_fields=["name", "is_shared", "updated_at"])
    return view
