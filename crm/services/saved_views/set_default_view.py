"""Say with which view a list opens."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from crm.models.saved_view import DefaultView, SavedView
from shared.actor import Actor
from shared.errors import NotFound


def set_default_view(*, view_id: UUID, page: str, is_default: bool, actor: Actor) -> SavedView:
    """Open the list `page` with this view from now on, or no longer. Said twice, it changes nothing.

    Raises NotFound for a view of another list, or one that the colleague does not see. Locks: the view.
    """
    with transaction.atomic():
        seen = Q(owner=actor.user_id) | Q(is_shared=True)
        # Locked, so that its owner cannot stop sharing it in between.
        view = SavedView.objects.select_for_update(no_key=True).filter(seen, page=page, pk=view_id).first()
        if view is None or actor.user_id is None:
            raise NotFound(gettext("There is no such view of this list."))
        if is_default:
            DefaultView.objects.update_or_create(owner_id=actor.user_id, page=page, defaults={"view": view})
        else:
            DefaultView.objects.filter(owner=actor.user_id, page=page, view=view).delete()
    return view
