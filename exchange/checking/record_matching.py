"""Which record a checked row is about, and what is wrong with it beside the others and beside the books."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from exchange.batches import batches
from exchange.checking.row_validator import Fault, fault
from exchange.models.data_import import Import, ImportMode
from exchange.resources.cells import Wrong
from exchange.resources.of_import import keys_of_kind, kind_of
from exchange.resources.resource import ID, Key, Kind
from users.access.ownership import changeable_by, owner_field, reaches_of
from users.models.role import Reach

_BATCH = 2_000
Found = dict[str, Any]

_MATCH = """
WITH row AS (
    SELECT r.*, count(*) OVER (PARTITION BY {same}) AS twins,
           min(r.number) OVER (PARTITION BY {same}) AS first_twin, max(r.number) OVER (PARTITION BY {same}) AS last_twin
    FROM exchange_import_row AS r WHERE r.data_import_id = %(import_id)s
), found AS (
    SELECT r.id, count(*) AS matches, min(t.id::text) AS pk,
           count(*) FILTER (WHERE {alike}) AS alike, min(t.id::text) FILTER (WHERE {alike}) AS alike_pk
    FROM exchange_import_row AS r JOIN {table} AS t ON {match} AND {only}
    WHERE r.data_import_id = %(import_id)s AND r.key <> '' GROUP BY r.id
), matched AS (
    SELECT id, CASE WHEN alike = 1 THEN 1 ELSE matches END AS matches,
           CASE WHEN alike = 1 THEN alike_pk ELSE pk END AS pk FROM found
){link_tables}
SELECT jsonb_build_object(
    'id', row.id, 'number', row.number, 'key', row.key, 'links', row.links, 'pk', matched.pk,
    'matches', coalesce(matched.matches, 0), 'twins', CASE WHEN row.key = '' THEN 1 ELSE row.twins END,
    'first_twin', first_twin, 'last_twin', last_twin, 'has_errors', row.errors <> '[]', 'has_needs', row.needs <> '[]',
    'found', jsonb_build_object({found})
){settled}
FROM row LEFT JOIN matched ON matched.id = row.id {link_joins} {record_join}
"""
_LINK_TABLE = """, {alias} AS (
    SELECT named.name, count(*) AS matches, min(t.id::text) AS pk
    FROM (SELECT DISTINCT lower(links->>'{column}') AS name FROM row WHERE links->>'{column}' IS NOT NULL) AS named
    JOIN {table} AS t ON lower({name_of}) = named.name AND {only} GROUP BY named.name
)"""
_OF_DELETED = """
SELECT count(DISTINCT r.id) FROM exchange_import_row AS r JOIN {table} AS t ON {match} AND NOT ({only})
WHERE r.data_import_id = %s AND r.key <> '' AND r.object_id IS NULL AND NOT r.is_faulty
"""
_SAVE = """
UPDATE exchange_import_row AS r
SET object_id = n.object_id, patch = n.patch, faults = n.faults, is_faulty = n.is_faulty
FROM json_to_recordset(%s::json) AS n (id uuid, object_id uuid, patch jsonb, faults jsonb, is_faulty bool)
WHERE r.id = n.id
"""


def resolve_rows(data_import: Import, *, show: Callable[[float], None] = lambda share: None) -> dict[str, int]:
    """Find every row's record and links again; return how many rows would create, update, and have faults.

    Call it in a transaction: a cursor reads the rows in batches. `show` is told the share that is done.
    """
    kind = kind_of(data_import)
    judge = _Judge(kind, data_import)
    tally = {"creates": 0, "updates": 0, "faulty": 0}
    done = 0
    for batch in batches(_matched_rows(data_import, kind, judge.key), _BATCH):
        saved = [judge.verdict(found) for found in judge.mark_out_of_reach(batch)]
        for verdict in saved:
            tally["faulty" if verdict["is_faulty"] else "updates" if verdict["object_id"] else "creates"] += 1
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, [json.dumps(saved)])
        done += len(batch)
        show(done / max(1, data_import.total))
    return tally


def count_deleted(data_import: Import) -> int:
    """How many resolved rows would make a record that was there before and is deleted."""
    kind = kind_of(data_import)
    key = _key_of(data_import)
    with connection.cursor() as cursor:
        cursor.execute(_OF_DELETED.format(table=kind.table, match=key.match, only=kind.only), [data_import.pk])
        return int(cursor.fetchone()[0])


def _key_of(data_import: Import) -> Key:
    return next(key for key in keys_of_kind(kind_of(data_import)) if key.name == data_import.key)


def _matched_rows(data_import: Import, kind: Kind, key: Key) -> Iterator[Found]:
    """Rows with what they found, through a cursor on the server."""
    aliases = {link.column: f"link_{place}" for place, link in enumerate(kind.links)}
    tables = "".join(
        _LINK_TABLE.format(
            alias=aliases[link.column], column=link.column, table=link.table, name_of=link.name_of, only=link.only
        )
        for link in kind.links
    )
    joins = " ".join(
        f"LEFT JOIN {alias} ON {alias}.name = lower(row.links->>'{column}')" for column, alias in aliases.items()
    )
    found = ", ".join(f"'{c}', jsonb_build_array({a}.matches, {a}.pk)" for c, a in aliases.items())
    settled = "".join(
        f" || jsonb_build_object('{column}', coalesce(row.values->>'{column}', t.{column}::text))"
        for column in kind.settled
    )
    sql = _MATCH.format(
        same=key.same,
        match=key.match,
        only=kind.only,
        alike=key.alike,
        table=kind.table,
        link_tables=tables,
        link_joins=joins,
        found=found,
        settled=settled,
        record_join=f"LEFT JOIN {kind.table} AS t ON t.id = matched.pk::uuid" if kind.settled else "",
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {"import_id": data_import.pk})
        while rows := cursor.fetchmany(_BATCH):
            for (row,) in rows:
                yield json.loads(row) if isinstance(row, str) else row


class _Judge:
    def __init__(self, kind: Kind, data_import: Import) -> None:
        self.key = _key_of(data_import)
        self._kind = kind
        self._import = data_import
        labels = {column.name: _(column.label) for column in kind.columns}
        self._labels = labels
        self._key_label = labels.get(self.key.name, self.key.name)

    def verdict(self, row: Found) -> dict[str, Any]:
        faults = [*self._key_faults(row), *self._link_faults(row), *self._settled_faults(row)]
        needs = row["has_needs"] and row["pk"] is None
        return {
            "id": row["id"],
            "object_id": row["pk"] if row["matches"] == 1 else None,
            "patch": {column: pk for column, (_n, pk) in row["found"].items() if pk is not None},
            "faults": faults,
            "is_faulty": bool(faults or row["has_errors"] or needs),
        }

    def mark_out_of_reach(self, rows: list[Found]) -> list[Found]:
        """Say of each row whether its record is somebody else's, whom the importer's role does not reach."""
        user, model = self._import.created_by, self._kind.model
        if owner_field(model) is not None and reaches_of(user).changes != Reach.ALL:
            keys = [row["pk"] for row in rows if row["pk"] is not None]
            reached = {
                str(pk)
                for pk in changeable_by(user, model._default_manager.filter(pk__in=keys)).values_list("pk", flat=True)
            }
            for row in rows:
                row["is_out_of_reach"] = row["pk"] is not None and row["pk"] not in reached
        return rows

    def _key_faults(self, row: Found) -> Iterator[Fault]:
        key, matches, mode = row["key"], row["matches"], self._import.mode
        if not key and self.key.name != ID:
            if not row["has_errors"]:
                yield fault(self._key_label, _("The row has no key to find its record by."))
        elif row["twins"] > 1:
            twin = row["last_twin"] if row["number"] == row["first_twin"] else row["first_twin"]
            yield fault(self._key_label, _("Row %(row)s has the same key “%(key)s”.") % {"row": twin, "key": key})
        elif matches > 1:
            text = _("%(count)s records have “%(key)s”: it is not clear which one is meant.")
            yield fault(self._key_label, text % {"count": matches, "key": key})
        elif row.get("is_out_of_reach"):
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
            what = {"what": _(link.label), "name": name, "count": matches}
            if matches > 1:
                text = _("%(count)s records of the kind %(what)s are called “%(name)s”.")
                yield fault(self._labels[link.column], text % what)
            elif not matches and not (link.is_made and self._import.may_add_companies):
                yield fault(self._labels[link.column], _("There is no %(what)s “%(name)s”.") % what)

    def _settled_faults(self, row: Found) -> Iterator[Fault]:
        if not self._kind.settled or row["has_errors"]:
            return
        try:
            self._kind.settle(**{column: row[column] for column in self._kind.settled})
        except Wrong as wrong:
            yield fault(self._labels[self._kind.settled[0]], str(wrong))
