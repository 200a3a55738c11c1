"""The views of a list that a colleague may open."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.models.saved_view import DefaultView, SavedView

MAX_VIEWS = 50  # of one colleague on one list


def views_of(*, page: str, user_id: UUID) -> QuerySet[SavedView]:
    """A colleague's own views of a list and those that others share, by name; `is_default` marks what it opens with."""
    chosen = DefaultView.objects.filter(owner=user_id, page=page, view=OuterRef("pk"))
    seen = SavedView.objects.filter(Q(owner=user_id) | Q(is_shared=True), page=page)
    # The default comes first, so that it is among so many; whoever shows them sorts them.
    return seen.annotate(is_default=Exists(chosen)).order_by("-is_default", "name", "id")[:MAX_VIEWS]
