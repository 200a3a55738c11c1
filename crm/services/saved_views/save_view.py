"""Keep a filtered list under a name, for oneself or for everybody."""

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.saved_view import SavedView
from crm.reads.saved_views import MAX_VIEWS
from crm.services.saved_views.check_view import NAME_TAKEN, check_view
from shared.actor import Actor
from shared.database.errors import named_constraints
from shared.errors import InvalidInput, Refusal

MAX_QUERY_LENGTH = 2000


class TooManyViews(Refusal):
    code = "too_many_views"
    title = _("Too many saved views")


def save_view(*, page: str, name: str, query: str, is_shared: bool, actor: Actor) -> SavedView:
    """Keep `query` of the list `page` (a model's label); whoever calls has checked that the list takes the query.

    Raises InvalidInput for a name or query that is empty or too long, AlreadyExists for a name that the colleague has
    on this list already, TooManyViews.
    """
    name = check_view(name)
    if actor.user_id is None:
        raise InvalidInput(("/owner", "required", gettext("A view belongs to a colleague.")))
    if len(query) > MAX_QUERY_LENGTH:
        raise InvalidInput(("/query", "out_of_range", gettext("There are too many filters to keep.")))
    # Not under a lock: one view more than the limit harms nobody.
    if SavedView.objects.filter(page=page, owner_id=actor.user_id)[:MAX_VIEWS].count() == MAX_VIEWS:
        raise TooManyViews(gettext("You have %(limit)s views of this list. Delete one first.") % {"limit": MAX_VIEWS})
    with named_constraints(NAME_TAKEN), transaction.atomic():
        return SavedView.objects.create(owner_id=actor.user_id, page=page, name=name, query=query, is_shared=is_shared)
