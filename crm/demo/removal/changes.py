"""Whether rows of the demo shop are as they were loaded, by the history of records."""

from typing import Final
from uuid import UUID

from crm.demo.marks import OLD_SOURCES, SOURCE, WITH_HISTORY
from crm.demo.removal.reasons import CHANGED, UNKNOWN
from crm.demo.removal.uses import Kind
from shared.models.record_change import Operation, RecordChange
from users.models.sign_in import SignInFailures
from users.models.staff_session import StaffSession

_LOADED: Final = (SOURCE, *OLD_SOURCES)
# Signing in changes nothing of a login.
_SIGNING_IN: Final = (StaffSession._meta.db_table, SignInFailures._meta.db_table)
# Columns that jobs write by themselves.
_BY_JOBS: Final = frozenset({"updated_at", "reminded_at", "digest_sent_on"})


def changed_rows(kind: Kind, ids: set[UUID]) -> dict[UUID, str]:
    """Those that somebody changed since they were loaded, or a part of them, whoever it was: a colleague, an import, a
    command. Where the history of the loading is gone (HISTORY_DAYS) nobody knows, and the row counts as changed."""
    if kind.model not in WITH_HISTORY or not ids:
        return {}
    history = RecordChange.objects.filter(record__in=[str(one) for one in ids]).order_by()
    loaded = history.filter(table=kind.table, operation=Operation.INSERT, source__in=_LOADED)
    kept = dict.fromkeys(ids - {UUID(record) for record in loaded.values_list("record", flat=True)}, UNKNOWN)
    changes = history.exclude(source__in=_LOADED).exclude(table__in=_SIGNING_IN)
    for record, operation, after in changes.values_list("record", "operation", "after"):
        if operation != Operation.UPDATE or set(after) - _BY_JOBS:
            kept[UUID(record)] = CHANGED
    return kept
