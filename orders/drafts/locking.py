"""The only place that locks drafts. Their orders are locked by services of their own, never meanwhile."""

from uuid import UUID

from django.utils.translation import gettext

from orders.drafts.rules import DraftNotFound
from orders.models.draft import Draft
from shared.errors import StaleVersion


def lock_draft(draft_id: UUID, expected_version: int | None = None) -> Draft:
    """Lock it until the transaction ends. Raises DraftNotFound, StaleVersion."""
    draft = Draft.objects.select_for_update(of=("self",), no_key=True).filter(pk=draft_id).first()
    if draft is None:
        raise DraftNotFound(gettext("No such draft: %(draft)s.") % {"draft": draft_id})
    if expected_version not in (None, draft.version):
        raise StaleVersion(
            gettext("%(number)s is at version %(version)s, not %(expected)s.")
            % {"number": draft.number, "version": draft.version, "expected": expected_version},
            version=draft.version,
        )
    return draft
