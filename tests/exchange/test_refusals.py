"""Refusals of services of imports: a file that is no table, and a step that is over or has not come."""

import pytest

from exchange.models.data_import import Import, ImportKind
from exchange.reading.table import Unreadable
from exchange.services.lock_import import WrongStep
from exchange.services.start_again import start_again
from exchange.services.upload_import import upload_import
from shared.actor import Actor
from tests.shop.people import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague() -> Actor:
    user = StaffFactory.create()
    return Actor(user_id=user.pk, principal_id=user.pk, label=user.email)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook"], ids=["empty", "no workbook"])
def test_what_is_no_table_is_refused_and_not_kept(colleague: Actor, content: bytes) -> None:
    with pytest.raises(Unreadable):
        upload_import(kind=ImportKind.CUSTOMERS, name="people.csv", pieces=[content], actor=colleague)

    assert not Import.objects.exists()


def test_a_step_that_nobody_began_is_not_started_again(colleague: Actor) -> None:
    pieces = [b"name,email\nAnn,ann@example.com\n"]
    uploaded = upload_import(kind=ImportKind.CUSTOMERS, name="people.csv", pieces=pieces, actor=colleague)

    with pytest.raises(WrongStep):
        start_again(import_id=uploaded.pk)

    before = uploaded.status
    uploaded.refresh_from_db()
    assert uploaded.status == before
