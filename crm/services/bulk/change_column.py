"""Change one thing of many rows at once, in one transaction and three statements however many there are."""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.deal import Deal
from crm.models.lead import Lead, LeadStatus
from crm.models.task import Task, TaskRepeat
from crm.services.bulk.check_many import BulkResult, check_many
from crm.services.bulk.note_changes import note_changes
from crm.timeline.lines import DEAL_CHANGED, FIELD_CHANGED
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput
from shared.planner.lookups import one_of
from shared.text.messages import StoredText
from users.models.customer import Customer
from users.models.user import User

Changed = Customer | Deal | Lead | Task
_COLUMNS: dict[type[Changed], frozenset[str]] = {
    Customer: frozenset({"owner_id"}),
    Deal: frozenset({"owner_id", "expected_close"}),
    Lead: frozenset({"owner_id", "status"}),
    Task: frozenset({"assignee_id", "due_at", "priority"}),
}


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
        # By key: two bulk changes of the same rows wait for each other, and never in a circle.
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
        note_changes(to_change, partial(_said_of, column), actor=actor)
    result.changed = len(to_change)
    return result


def _said_of(column: str, row: Changed) -> StoredText:
    if isinstance(row, Deal):
        return DEAL_CHANGED(title=row.title[:120], fields=[column])
    return FIELD_CHANGED(fields=[column])


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
