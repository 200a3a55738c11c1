"""The only place that locks drafts. Their orders are locked by services of their own, never meanwhile."""

from uuid import UUID

from django.utils.translation import gettext

from orders.drafts.rules import DraftNotFound
from orders.models.draft import Draft
from shared.concurrency.versions import check_row_version


def lock_draft(draft_id: UUID, expected_version: int | None = None) -> Draft:
    """Lock it until the transaction ends. Raises DraftNotFound, StaleVersion."""
    # `no_key`: its lines point at it, and their foreign keys' checks need not wait.
    draft = Draft.objects.select_for_update(of=("self",), no_key=True).filter(pk=draft_id).first()
    if draft is None:
        raise DraftNotFound(gettext("No such draft: %(draft)s.") % {"draft": draft_id})
    check_draft_version(draft, expected_version)
    return draft


def check_draft_version(draft: Draft, expected_version: int | None) -> None:
    """Raises StaleVersion when the draft is no longer at the version that the caller read."""
    stale = gettext("%(number)s is at version %(version)s, not %(expected_version)s.")
    check_row_version(draft, expected_version, stale, number=draft.number)
