"""Change one thing of many rows at once, in one transaction and three statements however many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext

from crm.models.activity import Activity, ActivityKind
from crm.models.deal import Deal
from crm.models.lead import Lead, LeadStatus
from crm.models.task import Task, TaskRepeat
from crm.services.add_activity import MAX_SUBJECT_LENGTH
from crm.timeline_words import FIELD_CHANGED, names_of
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput
from shared.lookups import one_of
from users.models.customer import Customer
from users.models.user import User

MAX_ROWS = 1_000

Changed = Customer | Deal | Lead | Task
_COLUMNS: dict[type[Changed], frozenset[str]] = {
    Customer: frozenset({"owner_id"}),
    Deal: frozenset({"owner_id", "expected_close"}),
    Lead: frozenset({"owner_id", "status"}),
    Task: frozenset({"assignee_id", "due_at", "priority"}),
}


@dataclass(slots=True)
class BulkResult:
    """How many rows were changed and how many were so already; of the rest, `refused` says each time why not."""

    changed: int = 0
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)


def bulk_change(*, model: type[Changed], ids: Sequence[UUID], column: str, value: Any, actor: Actor) -> BulkResult:
    """Give `column` of all these rows the value, and note it in each timeline.

    Rows that are gone are left out; those that a rule protects are refused one by one. Raises InvalidInput for more
    than MAX_ROWS, a column that is not changed so, or a colleague who cannot work. Locks: the rows, by key.
    """
    check_many(ids)
    if column not in _COLUMNS[model]:
        raise InvalidInput(
            ("/column", "not_here", gettext("%(column)s is not changed for many at once.") % {"column": column})
        )
    if column in {"owner_id", "assignee_id"}:
        _check_colleague(value)
    with transaction.atomic():
        locked = model.objects.select_for_update(of=("self",), no_key=True)
        rows = cast("list[Changed]", list(locked.filter(one_of("pk", ids)).order_by("pk")))
        result = BulkResult()
        to_change: list[Changed] = []
        for row in rows:
            if getattr(row, column) == value:
                result.unchanged += 1
            elif reason := _why_not(row, column, value):
                result.refused.append(f"{row}: {reason}")
            else:
                to_change.append(row)
        model.objects.filter(one_of("pk", [row.pk for row in to_change])).update(
            **{column: value, "updated_at": database_now()}
        )
        note_changes(to_change, FIELD_CHANGED % {"fields": names_of([column])}, actor=actor)
    result.changed = len(to_change)
    return result


def check_many(ids: Sequence[UUID]) -> None:
    """Raises InvalidInput for more rows than are changed at once."""
    if len(ids) > MAX_ROWS:
        raise InvalidInput(("/ids", "too_many", gettext("At most %(limit)s at once.") % {"limit": f"{MAX_ROWS:,}"}))


def note_changes(rows: Iterable[Model], what: str, *, actor: Actor) -> None:
    """One entry for each row in its timeline; tasks have none."""
    now = database_now()
    about = [(row, _about(row)) for row in rows]
    Activity.objects.bulk_create(
        [
            Activity(
                kind=ActivityKind.CHANGE,
                author_id=actor.user_id,
                subject=_subject(row, what),
                happened_at=now,
                **keys,
            )
            for row, keys in about
            if keys
        ],
        batch_size=500,
    )


def _about(row: Model) -> dict[str, UUID]:
    if isinstance(row, Customer):
        return {"customer_id": row.pk}
    if isinstance(row, Deal):
        return {"customer_id": row.customer_id, "deal_id": row.pk}
    return {"lead_id": row.pk} if isinstance(row, Lead) else {}


def _subject(row: Model, what: str) -> str:
    text = f"{row.title[:120]}: {what}" if isinstance(row, Deal) else f"{what[:1].upper()}{what[1:]}"
    return text[:MAX_SUBJECT_LENGTH]


def _why_not(row: Changed, column: str, value: Any) -> str:
    """The rule that protects the row; empty for none."""
    if isinstance(row, Lead) and column == "status" and row.status == LeadStatus.CONVERTED:
        return gettext("a lead that is a customer stays converted.")
    if isinstance(row, Lead) and column == "status" and value == LeadStatus.CONVERTED:
        return gettext("only converting makes a customer of a lead.")
    if isinstance(row, Task) and column == "due_at" and value is None and row.repeat != TaskRepeat.NEVER:
        return gettext("a task that repeats needs a due time.")
    return ""


def _check_colleague(user_id: UUID | None) -> None:
    if user_id is not None and not User.objects.filter(pk=user_id, is_active=True, is_staff=True).exists():
        raise InvalidInput(("/owner", "does_not_exist", gettext("There is no such colleague at work.")))
