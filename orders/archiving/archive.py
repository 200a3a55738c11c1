"""A month that left the tables goes to files."""

import shutil
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from embedded_postgres.backup.sealing import SEALED, sum_of, sync_folder
from orders.archiving.batches import Progress
from orders.archiving.detach import is_detached
from orders.archiving.files import PACKED, Content, FileIsDamaged, read_file, read_rows, write_file
from orders.archiving.hanging import Hanging, read_hanging
from orders.archiving.manifest import Manifest, TableFile, read_manifest, write_manifest
from orders.archiving.month_tables import columns_of, drop_tables, has_tables, kept_table, key_of, make_tables
from orders.archiving.remains import keep_archive_sum
from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.months import Month
from orders.partitioning.tables import ORDERS, fetch_all


class NotEncrypted(PartitioningFailed):
    """Files from before there was a recipient."""


class NotDetached(PartitioningFailed):
    """The month is in the shop's tables, or gone already."""


def archive_month(month: Month, folder: Path, *, recipient: str, keep: bool, progress: Progress) -> Path:
    """Write a file for each of the month's tables and a manifest to a folder in `folder`, read them back, and drop the
    tables unless `keep`. The folder is there whole or not at all; where it is there already, its files are compared
    with the tables. Raises NotDetached, NotEncrypted, FileIsDamaged, NoArchive."""
    if not has_tables(month):
        raise NotDetached(f"{month} has no tables of its own: detach it first, or it is archived.")
    if not is_detached(month):
        raise NotDetached(f"{month} has orders left in the shop's tables: run `detach` again.")
    hanging = read_hanging()
    make_tables(hanging, month)  # a version since may have hung another one on orders
    _check_remains(month)
    target = folder / str(month)
    if not target.exists():
        draft = folder / f".{month}.partial"
        shutil.rmtree(draft, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)  # persons' data, as in a backup
        write_manifest(draft, _write_files(hanging, month, draft, recipient, progress))
        for path in draft.iterdir():
            path.chmod(0o600)
        draft.rename(target)
        sync_folder(folder)
    manifest = compare(month, target, progress, is_sealed=bool(recipient))
    with transaction.atomic(durable=True):
        keep_archive_sum(month, manifest.content_sum)
        if not keep:
            drop_tables(hanging, month)
    return target


def _check_remains(month: Month) -> None:
    orders = kept_table(ORDERS, month)
    sql = f"""
        SELECT count(*) FROM {orders} AS o FULL JOIN (
            SELECT id, number FROM orders_archived_order WHERE month = %s
        ) AS archived USING (id) WHERE o.number IS DISTINCT FROM archived.number
    """  # noqa: S608 - a name of ours
    if fetch_all(sql, str(month)) != [(0,)]:
        raise NotDetached(f"{month}: its tables and orders_archived_order do not name the same orders.")


def _write_files(hanging: Hanging, month: Month, folder: Path, recipient: str, progress: Progress) -> Manifest:
    tables = []
    for table in hanging.tables:
        kept = kept_table(table, month)
        columns, (key, _) = columns_of(kept), key_of(table)
        path, sha256, content = write_file(read_rows(kept, columns, key), folder / f"{table}{PACKED}", recipient)
        progress(f"{path.name}: {content.rows:,} rows, {path.stat().st_size:,} bytes")
        named = [[column.name, column.type] for column in columns]
        tables.append(TableFile(table, path.name, named, content.rows, sha256, content.sha256))
    applied = MigrationRecorder(connection).applied_migrations()
    return Manifest(str(month), tables, totals_of(month), dict(sorted(applied)))


def totals_of(month: Month) -> dict[str, str]:
    """What the month's orders came to, by currency."""
    orders = kept_table(ORDERS, month)
    sql = f"SELECT currency, sum(total)::text FROM {orders} WHERE parent_id IS NULL GROUP BY 1 ORDER BY 1"  # noqa: S608
    return dict(fetch_all(sql))


def compare(month: Month, folder: Path, progress: Progress, *, is_sealed: bool) -> Manifest:
    """Read the files back, and the tables once more. Raises FileIsDamaged, NotEncrypted, NoArchive."""
    manifest = read_manifest(folder, str(month))
    if is_sealed and not all(file.file.endswith(SEALED) for file in manifest.tables):
        raise NotEncrypted(f"{folder} is not encrypted, and BACKUP_RECIPIENT is set. Take another folder.")
    hanging = read_hanging()
    if {file.table for file in manifest.tables} != set(hanging.tables):
        raise FileIsDamaged(f"{folder} has other tables than left. Take another folder.")
    if manifest.totals != totals_of(month):
        raise FileIsDamaged(f"{folder}: its orders are others than those of the tables.")
    for file in manifest.tables:
        kept, (key, _) = kept_table(file.table, month), key_of(file.table)
        now = Content()
        for piece in read_rows(kept, columns_of(kept), key):
            now.add(piece)
        columns = [[column.name, column.type] for column in columns_of(kept)]
        if (columns, now.rows, now.sha256) != (file.columns, file.rows, file.content_sha256):
            raise FileIsDamaged(f"{folder / file.file} is of other rows than {kept} has. Take another folder.")
        check_file(folder, file)
    progress(f"{folder}: {len(manifest.tables)} files, as the tables are")
    return manifest


def check_file(folder: Path, file: TableFile) -> None:
    """Raises FileIsDamaged unless the file is as it was written. What is in one that is encrypted, only its secret key
    can tell (orders.archiving.restore)."""
    path = folder / file.file
    if not path.is_file():
        raise FileIsDamaged(f"{path} is missing.")
    if sum_of(path) != file.sha256:
        raise FileIsDamaged(f"{path} is not as it was written.")
    if path.suffix == Path(PACKED).suffix:
        check_content(path, file, read_file(path, [], lambda _data: None))


def check_content(path: Path, file: TableFile, found: Content) -> None:
    if (found.rows, found.sha256) != (file.rows, file.content_sha256):
        raise FileIsDamaged(f"{path} has other rows than the manifest says.")
