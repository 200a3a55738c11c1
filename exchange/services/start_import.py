"""The steps of an import that people ask for; the work is a job's (check_import, apply_import, undo_import)."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import dropwhile, islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.guessing import LOOKED_AT, Guesser, without_foreign_ids
from exchange.languages import asked_in
from exchange.models.data_import import Import, ImportKind, ImportMode, ImportStatus
from exchange.notes import notes_of_file, storable
from exchange.queries import custom_fields_of_kind, guesser_of, keys_of_kind, kind_of
from exchange.services.stored_files import open_copy, store_file
from exchange.tables.open_table import open_table
from exchange.tables.table import MAX_FILE_BYTES, Line, Unreadable
from shared.actor import Actor
from shared.clock import database_now
from shared.enqueue import enqueue
from shared.errors import InvalidInput, NotFound, Refusal
from users.models.user import User

KEEP_DAYS = 30
_SAMPLES = 5
_LOOKED_THROUGH = 500
_STUCK_AFTER = timedelta(minutes=3)


class WrongStep(Refusal):
    """The import is not where this step begins."""

    code = "wrong_step"
    title = gettext_lazy("The import has moved on")


def upload_import(*, kind: ImportKind, name: str, pieces: Iterable[bytes], actor: Actor) -> Import:
    """Keep a file, read its first rows and guess what its columns mean. Raises Unreadable; then nothing is kept."""
    with transaction.atomic():
        file = store_file(name=name, pieces=pieces)
        if file.size > MAX_FILE_BYTES:
            raise Unreadable(_("The file is larger than %(limit)s MB. Split it.") % {"limit": MAX_FILE_BYTES // 2**20})
        data_import = Import(
            kind=kind, file=file, file_name=file.name, created_by=User.objects.get(pk=str(actor.user_id))
        )
        data_import.expires_at = database_now() + timedelta(days=KEEP_DAYS)
        _look_inside(data_import, encoding="", delimiter="")
        data_import.save()
    return data_import


def read_again(*, import_id: UUID, encoding: str, delimiter: str, header_row: int | None = None) -> Import:
    """Read the first rows in another encoding, with another delimiter or with the headers in another row; what is
    unset is found out. Raises NotFound, WrongStep, Unreadable."""
    with transaction.atomic():
        data_import = _locked(import_id, ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED)
        _look_inside(data_import, encoding=encoding, delimiter=delimiter, header_row=header_row)
        data_import.status = ImportStatus.UPLOADED
        data_import.save()
    return data_import


def _look_inside(data_import: Import, *, encoding: str, delimiter: str, header_row: int | None = None) -> None:
    kind, guesser = kind_of(data_import), guesser_of(data_import)
    with open_copy(data_import.file_id) as copy:
        table = open_table(copy, encoding=encoding, delimiter=delimiter)
        rows = dropwhile(lambda line: line.number < (header_row or 1), table.rows())
        # A sheet may have a million empty rows with a colour: they are not looked through while somebody waits.
        lines = [line for line in islice(rows, _LOOKED_THROUGH) if line.cells][:LOOKED_AT]
        if not lines:
            raise Unreadable(_("The file is empty."))
        place = guesser.headers_of(lines) if header_row is None else 0
        _take_first_rows(data_import, lines[place:], guesser, left_out=table.hidden_columns())
        data_import.notes = notes_of_file(
            above=lines[:place], headers=data_import.headers, guesser=guesser, table=table
        )
        data_import.encoding, data_import.delimiter = table.encoding, table.delimiter
        data_import.doubts = [{"encoding": doubt.encoding, "lines": doubt.lines} for doubt in table.doubts]
        del rows
    mapped = set(data_import.mapping.values())
    data_import.key = next((key.name for key in kind.keys if key.name in mapped), kind.keys[0].name)


def _take_first_rows(data_import: Import, lines: list[Line], guesser: Guesser, *, left_out: frozenset[int]) -> None:
    """The headers, a few rows as samples, and what the columns seem to mean."""
    headers, *below = lines
    data_import.header_row = headers.number
    data_import.headers = [storable(cell.strip()[:200]) for cell in headers.cells]
    data_import.samples = [[storable(cell[:80]) for cell in line.cells] for line in below[:_SAMPLES]]
    meant = guesser.mapping(data_import.headers, left_out=left_out)
    data_import.mapping = without_foreign_ids(meant, [line.cells for line in below])


def check_again(
    *,
    import_id: UUID,
    mapping: dict[str, str],
    key: str,
    mode: ImportMode,
    clears_empty: bool,
    may_add_companies: bool,
) -> Import:
    """Set what the columns mean and start the dry run. Raises NotFound, WrongStep, InvalidInput."""
    with transaction.atomic():
        data_import = _locked(import_id, ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED)
        if data_import.doubts:
            text = _("It is not clear how the letters of the file are meant: choose the encoding first.")
            raise InvalidInput(("/encoding", "unclear", text))
        _check_mapping(data_import, mapping, key)
        data_import.mapping, data_import.key, data_import.mode = mapping, key, mode
        data_import.clears_empty, data_import.may_add_companies = clears_empty, may_add_companies
        _begin(data_import, ImportStatus.CHECKING)
    return data_import


def _check_mapping(data_import: Import, mapping: dict[str, str], key: str) -> None:
    kind = kind_of(data_import)
    known = {column.name for column in kind.all_columns}
    known |= {f"custom_fields.{field.key}" for field in custom_fields_of_kind(kind)}
    chosen = list(mapping.values())
    for name in chosen:
        if name not in known:
            raise InvalidInput(("/mapping", "unknown", _("There is no column “%(column)s”.") % {"column": name}))
        if chosen.count(name) > 1:
            raise InvalidInput(
                ("/mapping", "twice", _("Two columns of the file mean the same: “%(column)s”.") % {"column": name})
            )
    if key not in {known_key.name for known_key in keys_of_kind(kind)}:
        raise InvalidInput(("/key", "unknown", _("Records cannot be found by this column.")))
    if key not in chosen:
        raise InvalidInput(("/key", "not_mapped", _("The file needs the column by which its rows find their records.")))


def run_import(*, import_id: UUID, leaves_out_faulty: bool) -> Import:
    """Write what was checked into the books, in a job. Raises NotFound, WrongStep, InvalidInput when rows have errors
    and are not to be left out, or when nothing would be left."""
    with transaction.atomic():
        data_import = _locked(import_id, ImportStatus.CHECKED, ImportStatus.FAILED)
        if data_import.faulty and not leaves_out_faulty:
            text = _("Rows with errors: correct the file, or choose to leave them out.")
            raise InvalidInput(("/leaves_out_faulty", "faulty_rows", text))
        if data_import.total == data_import.faulty:
            raise InvalidInput(("/", "nothing_left", _("No row is without errors: there is nothing to import.")))
        data_import.leaves_out_faulty = leaves_out_faulty
        _begin(data_import, ImportStatus.RUNNING)
    return data_import


def start_undo(*, import_id: UUID, skips_conflicts: bool) -> Import:
    """Take a whole import back, in a job. Raises NotFound or WrongStep."""
    with transaction.atomic():
        data_import = _locked(import_id, ImportStatus.DONE)
        if data_import.file_id is None:
            raise WrongStep(_("The way back was kept for %(days)s days only.") % {"days": KEEP_DAYS})
        data_import.skips_conflicts = skips_conflicts
        _begin(data_import, ImportStatus.UNDOING)
    return data_import


def start_again(*, import_id: UUID) -> Import:
    """Queue the work again that stopped moving: its worker died and nobody took it over. Raises NotFound, WrongStep."""
    with transaction.atomic():
        data_import = _locked(import_id, ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING)
        if not is_stuck(data_import):
            raise WrongStep(_("It is being worked on."))
        _begin(data_import, ImportStatus(data_import.status))
    return data_import


def is_stuck(data_import: Import) -> bool:
    """Whether it is under way but has not moved for minutes."""
    return data_import.is_under_way and database_now() - data_import.updated_at > _STUCK_AFTER


_JOBS = {
    ImportStatus.CHECKING: "exchange.check_import",
    ImportStatus.RUNNING: "exchange.apply_import",
    ImportStatus.UNDOING: "exchange.undo_import",
}


def _begin(data_import: Import, status: ImportStatus) -> None:
    data_import.status = status
    data_import.progress, data_import.message, data_import.conflicts = 0, "", 0
    data_import.run_id = None
    data_import.save()
    enqueue(_JOBS[status], import_id=str(data_import.pk), language=asked_in())


def _locked(import_id: UUID, *statuses: ImportStatus) -> Import:
    data_import = Import.objects.select_for_update(no_key=True).filter(pk=import_id).first()
    if data_import is None:
        raise NotFound(_("There is no such import."))
    if data_import.status not in statuses:
        raise WrongStep(
            _("The import is not at this step any more: %(status)s.") % {"status": data_import.get_status_display()}
        )
    return data_import
