"""What a POST to an import's page can ask for, and what the page shows."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.admin.imports.forms import MappingForm
from exchange.models.data_import import Import, ImportMode, ImportStatus
from exchange.reading.csv.dialect import DELIMITERS
from exchange.reading.encodings.known import ENCODINGS, NAMES
from exchange.reading.table import MAX_ROWS
from exchange.reads import conflicts_of, each_fault
from exchange.resources.of_import import resource_of
from exchange.resources.permissions import may_import
from exchange.services import check_again, read_again, run_import, start_again, start_undo
from shared.errors import InvalidInput

SHOWN = 200
CONFLICTS = {
    "changed": gettext_lazy("changed since"),
    "gone": gettext_lazy("gone"),
    "in use": gettext_lazy("in use, e.g. by an order"),
}
Step = Callable[[HttpRequest, Import, MappingForm], bool]


def _check_step(request: HttpRequest, data_import: Import, form: MappingForm) -> bool:
    """Starts the dry run; False when the form has faults."""
    if not form.is_valid():
        return False
    mode = ImportMode(form.cleaned_data["mode"])
    _refuse_strangers(request, data_import, mode)
    try:
        check_again.check_again(
            import_id=data_import.pk,
            mapping=form.mapping(),
            key=form.cleaned_data["key"],
            mode=mode,
            clears_empty=form.cleaned_data["clears_empty"],
            may_add_companies=form.may_add_companies,
        )
    except InvalidInput as refusal:
        form.add_error(None, refusal.detail)
        return False
    return True


def _read_again(request: HttpRequest, data_import: Import, form: MappingForm) -> bool:
    encoding, delimiter = request.POST.get("encoding", ""), request.POST.get("delimiter", "")
    if encoding not in ("", *NAMES) or delimiter not in ("", data_import.delimiter, *DELIMITERS):
        raise InvalidInput(("/encoding", "invalid", _("There is no such encoding or delimiter.")))
    row = request.POST.get("header_row", "")
    if row and not (row.isascii() and row.isdigit() and 0 < int(row[:9]) <= MAX_ROWS):
        raise InvalidInput(("/header_row", "invalid", _("Write the row of the headers as a number.")))
    # A workbook has no encoding; empty means that it is found out.
    read_again.read_again(
        import_id=data_import.pk, encoding=encoding, delimiter=delimiter, header_row=int(row) if row else None
    )
    return True


def _run_step(request: HttpRequest, data_import: Import, form: MappingForm) -> bool:
    _refuse_strangers(request, data_import, data_import.mode)
    run_import.run_import(import_id=data_import.pk, leaves_out_faulty="leaves_out_faulty" in request.POST)
    return True


def _undo_step(request: HttpRequest, data_import: Import, form: MappingForm) -> bool:
    _refuse_strangers(request, data_import, data_import.mode)
    start_undo.start_undo(import_id=data_import.pk, skips_conflicts="skips_conflicts" in request.POST)
    return True


def _start_again(request: HttpRequest, data_import: Import, form: MappingForm) -> bool:
    _refuse_strangers(request, data_import, data_import.mode)
    start_again.start_again(import_id=data_import.pk)
    return True


STEPS: dict[str, Step] = {
    "check": _check_step,
    "read_again": _read_again,
    "run": _run_step,
    "undo": _undo_step,
    "start_again": _start_again,
}


def _refuse_strangers(request: HttpRequest, data_import: Import, mode: str) -> None:
    if not may_import(request.user, resource_of(data_import), mode):
        raise PermissionDenied


def context_of(data_import: Import) -> dict[str, Any]:
    status = data_import.status
    is_open = status in (ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED)
    return {
        "data_import": data_import,
        "is_open": is_open,
        "is_checked": status == ImportStatus.CHECKED,
        "is_done": status == ImportStatus.DONE,
        "can_run": status == ImportStatus.CHECKED and data_import.total > data_import.faulty,
        "faults": list(each_fault(data_import, SHOWN)) if data_import.faulty else [],
        "conflicts": _conflicts_of_undo(data_import) if data_import.conflicts else [],
        "shown": SHOWN,
        "encodings": ENCODINGS,
        "delimiters": _delimiter_choices(data_import),
    }


def _delimiter_choices(data_import: Import) -> list[tuple[str, str]]:
    """Those that are common, and one that the file names itself."""
    common = [(",", ","), (";", ";"), ("\t", _("tab")), ("|", "|")]
    own = data_import.delimiter
    return common if not own or own in DELIMITERS else [*common, (own, own)]


def _conflicts_of_undo(data_import: Import) -> list[Any]:
    """What the last undo could not undo, each with the reason in words."""
    changes: list[Any] = list(conflicts_of(data_import)[:SHOWN])
    for change in changes:
        change.why = CONFLICTS.get(change.conflict, change.conflict)
    return changes
