"""Which tables have a history, and the triggers that write it."""

from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.models import Model

from shared.history.signing import sign_writes_of

FUNCTION = "kontor_record_change"
_PREFIX = "kontor_history_"
_OPERATIONS = {"I": "INSERT", "U": "UPDATE", "D": "DELETE"}
_ROWS = {
    "I": "NEW TABLE AS new_rows",
    "U": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "D": "OLD TABLE AS old_rows",
}


@dataclass(frozen=True, slots=True)
class Tracked:
    """`parent` is the column of the record whose history shows the change, the row itself unless set.

    `redact`: columns of which only that they changed is kept. `ignore`: columns whose change alone is none.
    `keep`: columns that every entry shows, to know the row by. `operations`: of I(nsert), U(pdate) and D(elete).
    `right`: who may see the rows; unset: who may view the model, or both models that a table of links is between.
    """

    model: type[Model]
    parent: str = "id"
    redact: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ("updated_at",)
    keep: tuple[str, ...] = ()
    operations: str = "IUD"
    right: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def rights(self) -> list[str]:
        """All the permissions that whoever reads its changes must have."""
        meta = self.model._meta
        linked = [field.related_model._meta for field in meta.concrete_fields if field.related_model is not None]
        shown = linked if meta.auto_created else [meta]
        return [self.right] if self.right else [f"{one.app_label}.view_{one.model_name}" for one in shown]

    def arguments(self) -> list[str]:
        """As the trigger function takes them."""
        return [self.parent, ",".join(self.redact), ",".join(self.ignore), ",".join(self.keep)]


_registry: dict[str, Tracked] = {}


def track(*tables: Tracked) -> None:
    """Called once all apps are ready."""
    _registry.update({tracked.table: tracked for tracked in tables})
    sign_writes_of(list(_registry))


def tracked_tables() -> dict[str, Tracked]:
    return dict(_registry)


def tables_shown_with(model: type[Model]) -> list[str]:
    """The tables whose changes belong to the history of this model's records: its own and those of its parts."""
    own = model._meta.concrete_model or model
    return [t.table for t in _registry.values() if t.model is own or (t.parent != "id" and _parent_of(t) is own)]


def tables_hidden_from(user: Any) -> set[str]:
    """The tables whose changes the user may not see."""
    return {tracked.table for tracked in _registry.values() if not user.has_perms(tracked.rights())}


def _parent_of(tracked: Tracked) -> Any:
    fields = {field.column: field for field in tracked.model._meta.concrete_fields}
    return fields[tracked.parent].related_model


def ensure_triggers(using: str = "default") -> None:
    """Make the triggers of the registry, and drop those of tables that left it. One statement when all is well."""
    wanted = {(tracked.table, operation): tracked for tracked in _registry.values() for operation in tracked.operations}
    there = _triggers_present(using)
    if there is None:
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for (table, operation), arguments in there.items():
            if (table, operation) not in wanted or wanted[table, operation].arguments() != arguments:
                cursor.execute(f'DROP TRIGGER "{_PREFIX}{operation}" ON "{table}"')
        tables = set(connections[using].introspection.table_names(cursor)) if set(wanted) - set(there) else set()
        for (table, operation), tracked in wanted.items():
            exists = table in tables or (table, operation) in there
            if exists and there.get((table, operation)) != tracked.arguments():
                cursor.execute(_create_trigger(table, operation, tracked.arguments()))


def _triggers_present(using: str) -> dict[tuple[str, str], list[str]] | None:
    """Those that are there; None before the migration that makes their function."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, right(t.tgname, 1), encode(t.tgargs, 'escape') FROM pg_proc f"
            " LEFT JOIN pg_trigger t ON t.tgfoid = f.oid LEFT JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE f.proname = %s",
            [FUNCTION],
        )
        rows = cursor.fetchall()
    found = {(table, operation): arguments.split("\\000")[:-1] for table, operation, arguments in rows if table}
    return found if rows else None


def _create_trigger(table: str, operation: str, arguments: list[str]) -> str:
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    return (
        f'CREATE TRIGGER "{_PREFIX}{operation}" AFTER {_OPERATIONS[operation]} ON "{table}"'
        f" REFERENCING {_ROWS[operation]} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}({listed})"
    )
