"""The way back: records as they were before the import, and none of those that it made."""

from uuid import UUID

from django.db import connection, models
from django.db.models.fields.reverse_related import ForeignObjectRel, ManyToManyRel
from django.utils.translation import gettext as _

from crm.models.segment import SegmentMember
from exchange.batches import batches
from exchange.models.data_import import Import, ImportStatus
from exchange.models.import_rows import ImportChange
from exchange.resources.of_import import resource_of
from exchange.resources.resource import ImportResource
from exchange.running.claim import save_own
from exchange.running.long_transaction import Progress
from exchange.running.work_alone import work_alone
from exchange.writing.records import TAG, TAGS, UNTAG, update_sql
from users.models.company import Company
from users.models.tag import Tag

_BATCH = 1_000
# Rows that are worked out from others, and go with the record.
_DERIVED = (SegmentMember,)

_LOCK = """
SELECT count(*) FROM (
    SELECT t.id FROM exchange_import_change AS c JOIN {table} AS t ON t.id = c.object_id
    WHERE c.data_import_id = %(import_id)s AND c.model = '{table}' ORDER BY t.id FOR UPDATE OF t
) AS locked
"""
_CHANGED = """
UPDATE exchange_import_change AS c
SET conflict = CASE
    WHEN t.id IS NULL THEN CASE WHEN c.before IS NULL THEN '' ELSE 'gone' END
    WHEN jsonb_populate_record(t, c.after - 'updated_at') IS DISTINCT FROM t {tags_changed} THEN 'changed'
    ELSE '' END
FROM exchange_import_change AS same LEFT JOIN {table} AS t ON t.id = same.object_id
WHERE c.data_import_id = %(import_id)s AND c.model = '{table}' AND same.id = c.id
"""
_TAGS_CHANGED = """OR c.tags_after IS DISTINCT FROM (
    SELECT coalesce(array_agg(tag_id ORDER BY tag_id), '{}') FROM users_customer_tag WHERE customer_id = t.id)"""
_IN_USE = """
UPDATE exchange_import_change AS c SET conflict = 'in use'
WHERE c.data_import_id = %(import_id)s AND c.model = '{table}' AND c.before IS NULL AND c.conflict = ''
      AND EXISTS (SELECT FROM {others} AS other WHERE other.{column} = c.object_id)
"""


def undo_import(*, import_id: UUID) -> None:
    """Take the whole import back in one transaction. Records that were changed since, are gone, or (those made by the
    import) are named by orders or anything else, are marked: then nothing is undone, unless they are to be left out.

    Locks: the lock of those who import, then the records by primary key.
    """
    work_alone(import_id=import_id, status=ImportStatus.UNDOING, work=_undo_rows)


def _undo_rows(data_import: Import, progress: Progress) -> None:
    conflicts = _mark_conflicts(data_import, resource_of(data_import))
    if conflicts and not data_import.skips_conflicts:
        text = _("Nothing is undone: records have changed since, or are in use.")
        save_own(data_import, status=ImportStatus.DONE, conflicts=conflicts, message=text)
        return
    progress.show(40)
    _take_back(data_import, resource_of(data_import))
    save_own(data_import, status=ImportStatus.UNDONE, conflicts=conflicts, progress=100)


def _mark_conflicts(data_import: Import, resource: ImportResource) -> int:
    _run_for_import(_LOCK.format(table=resource.table), data_import)
    _mark_changed(data_import, resource.model, tags_changed=_TAGS_CHANGED if resource.has_tags else "")
    return ImportChange.objects.filter(data_import=data_import, model=resource.table).exclude(conflict="").count()


def _mark_changed(data_import: Import, model: type[models.Model], *, tags_changed: str = "") -> None:
    table = model._meta.db_table
    _run_for_import(_CHANGED.format(table=table, tags_changed=tags_changed), data_import)
    for others, column in _references_to(model):
        _run_for_import(_IN_USE.format(table=table, others=others, column=column), data_import)


def _references_to(model: type[models.Model]) -> list[tuple[str, str]]:
    """(table, column) of everything that may name such a record, but for what goes with it."""
    goes_with_it = {derived._meta.db_table for derived in _DERIVED} | ({TAGS} if model is not Tag else set())
    relations = [field for field in model._meta.get_fields(include_hidden=True) if isinstance(field, ForeignObjectRel)]
    return [
        (str(relation.related_model._meta.db_table), str(relation.field.column))
        for relation in relations
        if not isinstance(relation, ManyToManyRel) and relation.field.db_constraint  # type: ignore[attr-defined]
        if relation.related_model._meta.db_table not in goes_with_it
    ]


def _take_back(data_import: Import, resource: ImportResource) -> None:
    _run_for_import(update_sql(resource, side="before"), data_import)
    if resource.has_tags:
        _run_for_import(UNTAG.format(side="tags_before"), data_import)
        _run_for_import(TAG.format(side="tags_before"), data_import)
    _remove_made(data_import, resource.model)
    for beside in (Company, Tag):  # made because rows named them; kept where somebody uses or changed them since
        if beside is not resource.model:
            _mark_changed(data_import, beside)
            _remove_made(data_import, beside)


def _remove_made(data_import: Import, model: type[models.Model]) -> None:
    made = ImportChange.objects.filter(data_import=data_import, model=model._meta.db_table)
    keys = made.filter(before__isnull=True, conflict="").values_list("object_id", flat=True)
    for some in batches(list(keys), _BATCH):
        model._default_manager.filter(pk__in=some).delete()


def _run_for_import(sql: str, data_import: Import) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"import_id": data_import.pk})
