"""Keep a filtered list under a name, for oneself or for everybody."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.saved_view import DefaultView, SavedView
from shared.actor import Actor
from shared.database_errors import AlreadyExists, named_constraints
from shared.errors import InvalidInput, NotFound, Refusal

MAX_NAME_LENGTH = 80
MAX_QUERY_LENGTH = 2000
MAX_VIEWS = 50  # of one colleague on one list


class TooManyViews(Refusal):
    code = "too_many_views"
    title = _("Too many saved views")


def save_view(*, page: str, name: str, query: str, is_shared: bool, actor: Actor) -> SavedView:
    """Keep `query` of the list `page` (a model's label); whoever calls has checked that the list takes the query.

    Raises InvalidInput for a name or query that is empty or too long, AlreadyExists for a name that the colleague has
    on this list already, TooManyViews.
    """
    name = _checked(name)
    if actor.user_id is None:
        raise InvalidInput(("/owner", "required", gettext("A view belongs to a colleague.")))
    if len(query) > MAX_QUERY_LENGTH:
        raise InvalidInput(("/query", "out_of_range", gettext("There are too many filters to keep.")))
    if SavedView.objects.filter(page=page, owner_id=actor.user_id)[:MAX_VIEWS].count() == MAX_VIEWS:
        raise TooManyViews(gettext("You have %(limit)s views of this list. Delete one first.") % {"limit": MAX_VIEWS})
    with named_constraints(_TAKEN), transaction.atomic():
        return SavedView.objects.create(owner_id=actor.user_id, page=page, name=name, query=query, is_shared=is_shared)


def change_view(*, view_id: UUID, name: str, is_shared: bool, actor: Actor) -> SavedView:
    """Rename, share or stop sharing. Raises NotFound for another's, InvalidInput, AlreadyExists. Locks: the view."""
    name = _checked(name)
    with named_constraints(_TAKEN), transaction.atomic():
        view = SavedView.objects.select_for_update(no_key=True).filter(pk=view_id, owner_id=actor.user_id).first()
        if view is None:
            raise NotFound(gettext("There is no such view of yours."))
        view.name, view.is_shared = name, is_shared
        view.save(update_fields=["name", "is_shared", "updated_at"])
    return view


def delete_view(*, view_id: UUID, actor: Actor) -> None:
    """Forget a view. Raises NotFound for another's."""
    deleted, _ = SavedView.objects.filter(pk=view_id, owner_id=actor.user_id).delete()
    if not deleted:
        raise NotFound(gettext("There is no such view of yours."))


def set_default_view(*, view_id: UUID, page: str, is_default: bool, actor: Actor) -> SavedView:
    """Open the list `page` with this view from now on, or no longer. Said twice, it changes nothing.

    Raises NotFound for a view of another list, or one that the colleague does not see. Locks: the view.
    """
    with transaction.atomic():
        seen = Q(owner=actor.user_id) | Q(is_shared=True)
        view = SavedView.objects.select_for_update(no_key=True).filter(seen, page=page, pk=view_id).first()
        if view is None or actor.user_id is None:
            raise NotFound(gettext("There is no such view of this list."))
        if is_default:
            DefaultView.objects.update_or_create(owner_id=actor.user_id, page=page, defaults={"view": view})
        else:
            DefaultView.objects.filter(owner=actor.user_id, page=page, view=view).delete()
    return view


def views_of(*, page: str, user_id: UUID) -> QuerySet[SavedView]:
    """A colleague's own views of a list and those that others share, by name; `is_default` marks what it opens with."""
    chosen = DefaultView.objects.filter(owner=user_id, page=page, view=OuterRef("pk"))
    seen = SavedView.objects.filter(Q(owner=user_id) | Q(is_shared=True), page=page)
    # The default comes first, so that it is among so many; whoever shows them sorts them.
    return seen.annotate(is_default=Exists(chosen)).order_by("-is_default", "name", "id")[:MAX_VIEWS]


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME_LENGTH or "\0" in name:
        raise InvalidInput(
            ("/name", "out_of_range", gettext("A name has 1 to %(limit)s characters.") % {"limit": MAX_NAME_LENGTH})
        )
    return name


_TAKEN = {"saved_view_name_unique": lambda: AlreadyExists("/name", gettext("You have a view of this name already."))}
