"""Imports and exports through the admin; the worker's part is called as the worker calls it."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from exchange import jobs
from exchange.models.data_import import Import
from tests.shop.http.answer import Answer


def upload(client: Client, content: bytes, *, kind: str = "customers", name: str = "people.csv") -> Answer:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("admin:exchange_import_add"), {"kind": kind, "file": file})


def uploaded(client: Client, text: str | bytes, *, kind: str = "customers", name: str = "people.csv") -> Import:
    content = text.encode() if isinstance(text, str) else text
    answer = upload(client, content, kind=kind, name=name)
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("id")


def page(data_import: Import) -> str:
    return reverse("admin:exchange_import_change", args=[data_import.pk])


def step(client: Client, data_import: Import, name: str, **fields: Any) -> Answer:
    """Press a button of the import's page."""
    return client.post(page(data_import), {"step": name, **fields})


def checked(client: Client, data_import: Import, **fields: Any) -> Import:
    """Say what the columns are (as guessed unless `fields` say otherwise), and let the worker check the file."""
    guessed = {f"column-{place}": name for place, name in data_import.mapping.items()}
    sent = {"key": data_import.key, "mode": "both", **guessed, **fields}
    return _worked(client, data_import, "check", jobs.check_import, sent)


def written(client: Client, data_import: Import, **fields: Any) -> Import:
    return _worked(client, data_import, "run", jobs.apply_import, fields)


def undone(client: Client, data_import: Import, **fields: Any) -> Import:
    return _worked(client, data_import, "undo", jobs.undo_import, fields)


def _worked(
    client: Client, data_import: Import, name: str, job: Callable[[str], None], fields: dict[str, Any]
) -> Import:
    """Press a button, and let the worker do its job."""
    answer = step(client, data_import, name, **fields)
    assert answer.status_code == 302, answer.content.decode()
    job(str(data_import.pk))
    data_import.refresh_from_db()
    return data_import


def imported(client: Client, text: str | bytes, *, kind: str = "customers", **fields: Any) -> Import:
    """The whole way, without errors."""
    data_import = checked(client, uploaded(client, text, kind=kind), **fields)
    assert (data_import.status, data_import.faulty) == ("checked", 0), (
        data_import.message,
        errors(client, data_import),
    )
    return written(client, data_import)


def errors(client: Client, data_import: Import) -> list[list[str]]:
    """Rows of the downloaded report, without its headers."""
    return rows_of(client.get(reverse("admin:exchange_import_errors", args=[data_import.pk])))[1:]


def rows_of(answer: Answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text, newline="")))


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
