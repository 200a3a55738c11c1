"""Which record a checked row is about, and what is wrong with it beside the others and beside the books."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from exchange.batches import batches
from exchange.checking.matching_sql import OF_DELETED, SAVE, TALLY, matching_statements
from exchange.checking.row_validator import Fault, fault
from exchange.models.data_import import Import, ImportMode
from exchange.resources.cells import Wrong
from exchange.resources.of_import import keys_of_resource, resource_of
from exchange.resources.resource import ID, ImportResource, Key
from users.access.ownership import changeable_by, owner_field, record_access_of
from users.models.role import AccessLevel

_BATCH = 2_000
Found = dict[str, Any]


def resolve_rows(data_import: Import, *, show: Callable[[float], None] = lambda share: None) -> dict[str, int]:
    """Find every row's record and links again; return how many rows would create, update, and have faults.

    Call it in a transaction: a cursor reads in batches the rows that are not in order at first sight. `show` is told
    the share of them that is done.
    """
    resource = resource_of(data_import)
    validator = _MatchValidator(resource, data_import)
    statements = matching_statements(resource, validator.key, data_import=data_import, sees_all=validator.sees_all)
    with connection.cursor() as cursor:
        cursor.execute(statements.settle, {"import_id": data_import.pk})
    tally = _tally_rows(data_import)
    doubtful = tally["faulty"]
    done = 0
    for batch in batches(_matched_rows(statements.doubtful, data_import) if doubtful else (), _BATCH):
        saved = [validator.outcome_of(found) for found in validator.mark_inaccessible(batch)]
        with connection.cursor() as cursor:
            cursor.execute(SAVE, [json.dumps(saved)])
        done += len(batch)
        show(done / doubtful)
    return _tally_rows(data_import) if doubtful else tally


def _tally_rows(data_import: Import) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(TALLY, [data_import.pk])
        return dict(zip(("creates", "updates", "faulty"), cursor.fetchone(), strict=True))


def count_deleted(data_import: Import) -> int:
    """How many resolved rows would make a record that was there before and is deleted."""
    resource = resource_of(data_import)
    key = _key_of(data_import)
    with connection.cursor() as cursor:
        cursor.execute(OF_DELETED.format(table=resource.table, match=key.match, only=resource.only), [data_import.pk])
        return int(cursor.fetchone()[0])


def _key_of(data_import: Import) -> Key:
    return next(key for key in keys_of_resource(resource_of(data_import)) if key.name == data_import.key)


def _matched_rows(statement: str, data_import: Import) -> Iterator[Found]:
    """Rows with what they found, through a cursor on the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, {"import_id": data_import.pk})
        while rows := cursor.fetchmany(_BATCH):
            for (row,) in rows:
                yield json.loads(row) if isinstance(row, str) else row


class _MatchValidator:
    def __init__(self, resource: ImportResource, data_import: Import) -> None:
        self.key = _key_of(data_import)
        self._kind = resource
        self._import = data_import
        labels = {column.name: _(column.label) for column in resource.columns}
        self._labels = labels
        self._key_label = labels.get(self.key.name, self.key.name)
        user = data_import.created_by
        is_owned = owner_field(resource.model) is not None
        self.sees_all = not is_owned or record_access_of(user).changes == AccessLevel.ALL

    def outcome_of(self, row: Found) -> dict[str, Any]:
        faults = [
            *self._key_faults(row),
            *self._link_faults(row),
            *self._cross_check_faults(row),
            *self._barred_faults(row),
        ]
        needs = row["has_needs"] and row["pk"] is None
        return {
            "id": row["id"],
            "object_id": row["pk"] if row["matches"] == 1 else None,
            "patch": {column: pk for column, (_n, pk) in row["found"].items() if pk is not None},
            "faults": faults,
            "is_faulty": bool(faults or row["has_errors"] or needs),
        }

    def mark_inaccessible(self, rows: list[Found]) -> list[Found]:
        """Say of each row whether its record is somebody else's, whom the importer's role does not reach."""
        if not self.sees_all:
            keys = [row["pk"] for row in rows if row["pk"] is not None]
            records = self._kind.model._default_manager.filter(pk__in=keys)
            reached = {str(pk) for pk in changeable_by(self._import.created_by, records).values_list("pk", flat=True)}
            for row in rows:
                row["is_inaccessible"] = row["pk"] is not None and row["pk"] not in reached
        return rows

    def _key_faults(self, row: Found) -> Iterator[Fault]:
        key, matches, mode = row["key"], row["matches"], self._import.mode
        if not key and self.key.name != ID:
            if not row["has_errors"]:
                yield fault(self._key_label, _("The row has no key to find its record by."))
        elif row["same_key_count"] > 1:
            other = row["last_of_key"] if row["number"] == row["first_of_key"] else row["first_of_key"]
            yield fault(self._key_label, _("Row %(row)s has the same key “%(key)s”.") % {"row": other, "key": key})
        elif matches > 1:
            text = _("%(count)s records have “%(key)s”: it is not clear which one is meant.")
            yield fault(self._key_label, text % {"count": matches, "key": key})
        elif row.get("is_inaccessible"):
            yield fault(
                self._key_label, _("“%(key)s” belongs to a colleague whose records you may not change.") % {"key": key}
            )
        elif matches and mode == ImportMode.CREATE:
            yield fault(
                self._key_label, _("“%(key)s” is there already, and only new ones are to be created.") % {"key": key}
            )
        elif not matches and (mode == ImportMode.UPDATE or (key and self.key.name == ID)):
            yield fault(self._key_label, _("There is no record with “%(key)s”.") % {"key": key})

    def _link_faults(self, row: Found) -> Iterator[Fault]:
        for link in self._kind.links:
            name = row["links"].get(link.column)
            if name is None:
                continue
            matches = row["found"][link.column][0] or 0
            if matches == 1:
                continue  # as most are: nothing is translated for them
            what = {"what": _(link.label), "name": name, "count": matches}
            if matches > 1:
                text = _("%(count)s records of the kind %(what)s are called “%(name)s”.")
                yield fault(self._labels[link.column], text % what)
            elif not (link.is_made and self._import.may_add_companies):
                yield fault(self._labels[link.column], _("There is no %(what)s “%(name)s”.") % what)

    def _cross_check_faults(self, row: Found) -> Iterator[Fault]:
        if not self._kind.cross_checked or row["has_errors"]:
            return
        try:
            self._kind.cross_check(**{column: row[column] for column in self._kind.cross_checked})
        except Wrong as wrong:
            yield fault(self._labels[self._kind.cross_checked[0]], str(wrong))

    def _barred_faults(self, row: Found) -> Iterator[Fault]:
        for place, barred in enumerate(self._kind.barred):
            if row[f"barred_{place}"]:
                yield fault(self._labels[barred.column], _(barred.text))
