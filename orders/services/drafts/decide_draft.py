"""Drafts and quotes that are sent, declined, or whose time is over."""

from datetime import date
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext

from orders.drafts.locking import lock_draft
from orders.drafts.rules import PENDING, check_in_time, check_pending
from orders.drafts.worth import check_possible, worth_of
from orders.models.draft import Draft, DraftLine, DraftStatus
from shared.clock import database_now, day_of
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import InvalidInput


def send_draft(*, draft_id: UUID, expected_version: int | None = None) -> Draft:
    """The customer has it. Again: nothing changes. Raises DraftNotFound, StaleVersion, DraftClosed, DraftExpired,
    DraftNotPossible, InvalidInput without lines. Locks the draft. Commits its own transaction, as do the others
    here."""
    return _set_draft_status(draft_id, DraftStatus.SENT, expected_version)


def decline_draft(*, draft_id: UUID, expected_version: int | None = None) -> Draft:
    """Nothing comes of it. Again: nothing changes. Raises and locks as send_draft."""
    return _set_draft_status(draft_id, DraftStatus.DECLINED, expected_version)


def expire_drafts(*, today: date | None = None) -> int:
    """End those that were valid until the shop's yesterday or before; return how many."""
    day = today or day_of(database_now())
    late = Draft.objects.filter(status__in=PENDING, valid_until__lt=day)
    # Without a lock beforehand: for a row that somebody decides on meanwhile PostgreSQL waits, and looks at it again.
    return late.update(status=DraftStatus.EXPIRED, version=F("version") + 1)


def _check_lines(draft: Draft) -> None:
    lines = list(DraftLine.objects.filter(draft=draft).order_by("id"))
    if not lines:
        raise InvalidInput(("/lines", "required", gettext("It has no lines yet.")))
    check_possible(draft, worth_of(draft, lines))


def _set_draft_status(draft_id: UUID, status: DraftStatus, expected_version: int | None) -> Draft:
    def work(_again: bool) -> Draft:
        with outermost_transaction():
            draft = lock_draft(draft_id, expected_version)
            if draft.status == status:
                return draft
            check_pending(draft)
            if status == DraftStatus.SENT:
                check_in_time(draft, day_of(database_now()))
                _check_lines(draft)
            draft.status = status
            draft.version += 1
            draft.save()
            return draft

    return retry_transaction(work, name="decide_draft")
