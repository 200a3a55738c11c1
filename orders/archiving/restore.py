"""A month comes back, from its tables or from its files."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from orders.archiving.archive import check_content, check_file, totals_of
from orders.archiving.batches import Progress, work_through
from orders.archiving.empty_months import make_months_again
from orders.archiving.files import FileIsDamaged, load_file, read_file
from orders.archiving.hanging import Hanging, read_hanging
from orders.archiving.manifest import read_manifest
from orders.archiving.missing import forget_missing
from orders.archiving.month_tables import (
    LEFT_WITH,
    OtherColumns,
    columns_of,
    drop_tables,
    has_tables,
    kept_columns,
    kept_table,
    make_tables,
)
from orders.archiving.remains import check_archive_sum, check_remains
from orders.archiving.returning import move_back
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.tables import ORDERS, fetch_all


class NothingToRestore(PartitioningFailed):
    """No tables of the month, and no folder was named."""


def restore_month(month: Month, folder: Path | None, *, identities: list[Any], progress: Progress) -> None:
    """Bring the month back: from the tables that `detach` left, or else from the files in `folder`, which are all
    verified before anything is written. Interrupted at any point it goes on where it was.

    Raises NothingToRestore, NoArchive, FileIsDamaged, OtherColumns, RowsAreMissing, AnotherArchive.
    """
    hanging = read_hanging()
    if not has_tables(month):
        if folder is None:
            raise NothingToRestore(f"{month} is not detached. From an archive: --from DIR.")
        _load(month, folder / str(month), hanging, identities, progress)
    _check_columns(kept_columns(hanging, month), hanging)
    make_tables(hanging, month)
    forget_missing(hanging, month, progress)
    make_months_again(month)
    orders = kept_table(ORDERS, month)
    find = f"SELECT id FROM {orders} WHERE {LEFT_WITH} = id AND id > %s ORDER BY id LIMIT %s"  # noqa: S608
    done = work_through(find, partial(move_back, month=month, hanging=hanging), progress)
    drop_tables(hanging, month)
    progress(f"{month}: {done:,} orders are back")


def _load(month: Month, folder: Path, hanging: Hanging, identities: list[Any], progress: Progress) -> None:
    manifest = read_manifest(folder, str(month))
    check_archive_sum(month, manifest.content_sum)
    columns = {file.table: file.columns for file in manifest.tables}
    _check_columns(columns, hanging)
    for file in manifest.tables:
        check_file(folder, file)
        path = folder / file.file
        check_content(path, file, read_file(path, identities, lambda _data: None))
    progress(f"{folder}: {len(manifest.tables)} files are as they were written")
    orders = kept_table(ORDERS, month)
    with transaction.atomic(durable=True):
        make_tables(hanging, month, columns)
        for file in manifest.tables:
            names, path = [name for name, _ in file.columns], folder / file.file
            check_content(path, file, load_file(path, identities, kept_table(file.table, month), names))
        if totals_of(month) != manifest.totals:
            raise FileIsDamaged(f"{folder}: its orders do not come to what the manifest says.")
        check_remains([pk for (pk,) in fetch_all(f"SELECT id FROM {orders}")], month, are_all=True)  # noqa: S608


def _check_columns(then: Mapping[str, list[list[str]]], hanging: Hanging) -> None:
    """Raises OtherColumns where rows have what no table takes any more, or lack what they need today."""
    faults = [f"{table} is not there" for table in then.keys() - set(hanging.tables)]
    for table in then.keys() & set(hanging.tables):
        names = [name for name, _ in then[table]]
        if [LEFT_WITH, "uuid"] not in then[table] or len(names) != len(set(names)):
            faults.append(f"{table} has no {LEFT_WITH}, or a column twice")
        today = {column.name: column for column in columns_of(table)}
        were = {name: kind for name, kind in then[table] if name != LEFT_WITH}
        for name, kind in were.items():
            if name not in today:
                faults.append(f"{table}.{name} is not there")
            elif today[name].type != kind:
                faults.append(f"{table}.{name} was {kind} and is {today[name].type}")
        faults += [f"{table}.{new} is needed" for new in today.keys() - were.keys() if today[new].is_needed]
    if faults:
        raise OtherColumns(f"The rows are of another version of the tables: {'; '.join(sorted(faults))}.")
