"""Alerts on the dashboard and on System, for those who may know; what was not read is said to be so."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from shared.models.alert import Alert
from tests.config.upkeep.alerts.conftest import Minutes
from tests.shop.http.admin_pages import signed_in, statements, superuser, text_of
from users.models.user import User

pytestmark = pytest.mark.django_db
WRONG, LATE = "KontorBooksAreWrong", "KontorSweepIsLate"


@pytest.fixture
def page(db: None, settings: Any) -> Client:
    settings.SYSTEM_KEPT_SECONDS = 0
    return signed_in(superuser())


@contextmanager
def _workers_unreadable() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_workers RENAME TO workers_elsewhere")
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE workers_elsewhere RENAME TO procrastinate_workers")


def test_dashboard_and_system_say_since_when_and_what_to_do(minutes: Minutes, page: Client) -> None:
    minutes.see(0, **{WRONG: 2})

    for address in ("/admin/", "/admin/system/"):
        text = text_of(page.get(address))
        assert "The audit found discrepancies." in text
        assert "manage.py audit names them with their ids." in text
    assert "opened" in text
    assert "last e-mail" in text


def test_where_all_is_well_the_dashboard_says_nothing(minutes: Minutes, page: Client) -> None:
    minutes.see(0, **{WRONG: False})

    assert 'id="k-alerts"' not in text_of(page.get("/admin/"))
    assert "Rules last judged" in text_of(page.get("/admin/system/"))


def test_where_nobody_looks_it_is_not_said_that_all_is_well(minutes: Minutes, page: Client) -> None:
    assert "Nobody has looked yet." in text_of(page.get("/admin/"))

    minutes.see(-6, **{WRONG: False})
    assert "Nobody has looked since" in text_of(page.get("/admin/"))


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_is_neither_well_nor_over(minutes: Minutes, page: Client) -> None:
    minutes.see(-3, KontorWorkerIsSilent=200)
    minutes.see(-1, KontorWorkerIsSilent=200)
    with _workers_unreadable():
        told = [subject for minute in range(8) for subject in minutes.look(minute)]

    silent = Alert.objects.get(rule="KontorWorkerIsSilent")
    assert silent.is_open
    assert silent.unread_since == minutes.at(0)
    assert set(told) == {"Kontor: Open: Some metrics could not be read."}
    assert "kontor_worker_heartbeat_seconds" in minutes.letters.messages[-1].get_content()
    assert "nobody knows whether it is over" in text_of(page.get("/admin/"))
    minutes.look(8)
    assert Alert.objects.get(rule="KontorWorkerIsSilent").unread_since is None


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_cannot_be_read_is_unknown(minutes: Minutes, page: Client) -> None:
    with _workers_unreadable():
        minutes.look(0)
        assert "so nobody knows whether this is so" in text_of(page.get("/admin/"))
        assert "not read for" in text_of(page.get("/admin/system/"))
    assert not Alert.objects.get(rule="KontorWorkerIsSilent").is_open


def test_of_a_queue_that_is_not_known_the_summary_has_no_hole(minutes: Minutes, page: Client) -> None:
    minutes.see(0, KontorJobsFail=None)

    assert "jobs of the queue … failed within a day" in text_of(page.get("/admin/system/"))


def test_system_says_so_while_nobody_can_be_written_to(minutes: Minutes, page: Client, settings: Any) -> None:
    minutes.see(0, **{WRONG: False})
    assert "nobody can be written to" not in text_of(page.get("/admin/system/"))

    settings.EMAIL_HOST, settings.ALERT_EMAIL = "mail.letters.shop", ["admin@example.com"]
    assert "nobody can be written to" in text_of(page.get("/admin/system/"))
    settings.ALERT_EMAIL, settings.EMAIL_BACKEND = ["ops@letters.shop"], "shared.background.mail.NoMailServer"
    assert "nobody can be written to" in text_of(page.get("/admin/system/"))


def test_who_may_not_see_system_is_shown_none_and_none_is_read(minutes: Minutes) -> None:
    minutes.see(0, **{WRONG: 2})
    clerk = User.objects.create_user("clerk@example.com", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_order"))
    client = signed_in(clerk)

    assert "discrepancies" not in text_of(client.get("/admin/"))
    assert not [sql for sql in statements(client, "/admin/") if "shared_alert" in sql]

    clerk.user_permissions.add(Permission.objects.get(codename="view_operationrun"))
    assert "discrepancies" in text_of(signed_in(User.objects.get(pk=clerk.pk)).get("/admin/"))


def test_the_dashboard_reads_alerts_in_one_statement_however_many_are_open(minutes: Minutes, page: Client) -> None:
    minutes.see(0, **{WRONG: 2})
    one = [sql for sql in statements(page, "/admin/") if "shared_alert" in sql]
    minutes.see(1, **{WRONG: 2, "KontorRefundsWait": 90_000, "KontorManyOrdersExpire": 60})
    three = [sql for sql in statements(page, "/admin/") if "shared_alert" in sql]

    assert (len(one), len(three)) == (1, 1)
