"""Imports and exports take as many statements for many rows as for few: what is asked is asked of all at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app

from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.models.data_export import Export
from exchange.models.data_import import Import, ImportStatus
from exchange.services.request_export import request_export
from shared.actor import Actor
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.import_files import uploaded
from tests.shop.people import CustomerFactory

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 40


def statements(name: str, **arguments: str) -> int:
    """How many a job sends, called by its name as the worker calls it."""
    with CaptureQueriesContext(connection) as sent:
        app.tasks[name].func(**arguments)
    return len(sent)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_asks_nothing_for_each_row(file_format: str) -> None:
    boss = superuser()

    def write(rows: int) -> int:
        CustomerFactory.create_batch(rows)
        export = request_export(
            resource=EXPORT_RESOURCES["customers"], query="", file_format=file_format, actor=Actor(boss.pk, boss.pk, "")
        )
        sent = statements("exchange.write_export", export_id=str(export.pk))
        assert Export.objects.get(pk=export.pk).written >= rows
        return sent

    assert write(FEW) == write(MANY)


def test_an_import_asks_nothing_for_each_row() -> None:
    client = signed_in(superuser())

    def job(name: str, one: Import) -> int:
        return statements(f"exchange.{name}", import_id=str(one.pk))

    def write(rows: int) -> list[int]:
        people = "".join(f"Person {rows} {n};p{rows}-{n}@example.com;030 1234{n:02d};Acme;vip\n" for n in range(rows))
        one = uploaded(client, f"Full name;E-Mail address;Telephone;Company;Tags\n{people}")
        ours = Import.objects.filter(pk=one.pk)
        ours.update(status=ImportStatus.CHECKING, may_add_companies=True)
        sent = [job("check_import", one)]
        ours.update(status=ImportStatus.RUNNING)
        sent.append(job("apply_import", one))
        assert ours.get(status=ImportStatus.DONE).creates == rows
        ours.update(status=ImportStatus.UNDOING)
        return [*sent, job("undo_import", one)]

    write(FEW)  # makes the company and the tag
    assert write(FEW + 1) == write(MANY)
