"""An alert opens when its rule has held for long enough, closes likewise, and is told of once."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from config.upkeep.alerts.judge_alerts import judge_alerts
from embedded_postgres.backup.streamed import Mark, write_status
from embedded_postgres.copying.note import note_pass, note_sending
from orders.models.order_event import EventKind, OrderEvent
from shared.clock import database_now
from shared.database.operation_runs import record_run
from shared.models.alert import Alert
from shared.models.operation_run import OperationKind
from tests.config.upkeep.alerts.conftest import BOSS, Minutes
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.django_db
LATE, LAG = "KontorSweepIsLate", "KontorEventsAreLate"  # which have to last for one and for two minutes
WRONG = "KontorBooksAreWrong"


def _audit(discrepancies: int) -> None:
    record_run(OperationKind.AUDIT, began_at=database_now(), has_succeeded=True, data={"discrepancies": discrepancies})


def test_an_alert_opens_with_an_e_mail_and_closes_with_one(minutes: Minutes) -> None:
    _audit(2)
    assert minutes.look(0) == ["Kontor: Open: The audit found discrepancies."]
    assert minutes.look(1) == []

    _audit(0)
    assert minutes.look(2) == []
    assert Alert.objects.get(rule=WRONG).is_open
    assert [minutes.look(minute) for minute in (4, 6, 7)][-1] == ["Kontor: Over: The audit found discrepancies."]

    alert = Alert.objects.get(rule=WRONG)
    assert (alert.opened_at, alert.closed_at) == (minutes.at(0), minutes.at(7))
    first, last = minutes.letters.to(BOSS)
    assert "manage.py audit names them" in first.get_content()
    assert "Seen: 2" in first.get_content()
    assert f"{minutes.at(7):%Y-%m-%d %H:%M} UTC" in last.get_content()
    assert Alert.objects.exclude(last_mailed_at=None).count() == 1


def test_what_does_not_last_is_not_told(minutes: Minutes) -> None:
    told = [minutes.see(minute, **{LAG: holds}) for minute, holds in enumerate([70, False, 80, 90, False, 61])]

    assert told == [[]] * 6
    assert minutes.see(7, **{LAG: 181}) == ["Kontor: Open: Changes are in the feed of events more than a minute late."]


def test_a_value_that_goes_up_and_down_is_told_of_once(minutes: Minutes) -> None:
    told = [minutes.see(minute, **{WRONG: minute % 3 != 2}) for minute in range(30)]

    assert [subjects for subjects in told if subjects] == [["Kontor: Open: The audit found discrepancies."]]


def test_what_was_seen_before_a_pause_of_the_worker_does_not_count(minutes: Minutes) -> None:
    minutes.see(0, **{LAG: 100})

    assert minutes.see(60, **{LAG: 100}) == []
    assert minutes.see(62, **{LAG: 100}) != []


def test_while_it_is_open_people_are_reminded_once_a_day(minutes: Minutes) -> None:
    day = 24 * 60
    told = {hour: minutes.see(hour * 60, **{WRONG: 1}) for hour in range(60)}

    assert {hour: subjects[0].split(":")[1] for hour, subjects in told.items() if subjects} == {
        0: " Open",
        24: " Still open",
        48: " Still open",
    }
    assert Alert.objects.get(rule=WRONG).opened_at == minutes.at(0)
    assert minutes.at(2 * day) == Alert.objects.get(rule=WRONG).raised_at


def test_what_opens_together_is_one_e_mail(minutes: Minutes) -> None:
    assert minutes.see(0, **{WRONG: 1, LATE: 700}) == ["Kontor: Open: The audit found discrepancies."]
    assert minutes.see(1, **{WRONG: 1, LATE: 760, "KontorRefundsWait": 90_000}) == ["Kontor: 2 alerts"]

    text = minutes.letters.messages[-1].get_content()
    assert "An unpaid order is more than ten minutes past its deadline." in text
    assert "Seen: 12.7 minutes" in text
    assert "A refund has waited for more than a day." in text


def test_an_older_look_changes_nothing(minutes: Minutes) -> None:
    minutes.see(1, **{WRONG: False})

    assert minutes.see(0, **{WRONG: 1}) == []
    assert not Alert.objects.get(rule=WRONG).is_open


def test_many_orders_that_expire_within_an_hour_are_told(minutes: Minutes) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=50), 1))

    def expire(count: int, ago: timedelta) -> None:
        at = database_now() - ago
        OrderEvent.objects.bulk_create(
            OrderEvent(order=order, kind=EventKind.EXPIRED, to_status="CANCELLED", created_at=at) for _ in range(count)
        )

    expire(50, timedelta(minutes=5))
    expire(50, timedelta(minutes=61))
    assert minutes.look(0) == []
    expire(1, timedelta(minutes=1))
    assert minutes.look(1) == ["Kontor: Open: More than 50 orders were not paid in time within an hour."]


def _fail(queue: str) -> None:
    with connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)"
                " VALUES (%s, 'crm.send_email', 'doing', '{}') RETURNING id",
                [queue],
            )
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [cursor.fetchone()[0]])


def test_a_queue_whose_jobs_fail_is_named_and_so_is_one_that_follows(minutes: Minutes) -> None:
    _fail("mail")
    assert minutes.look(0) == ["Kontor: Open: Three or more jobs of the queue mail failed within a day."]

    _fail("orders")
    assert minutes.look(14) == []
    (told,) = minutes.look(16)
    assert told.startswith("Kontor: Still open: Three or more jobs of the queue ")
    assert "mail" in told
    assert "orders" in told
    assert minutes.look(32) == []


def test_what_is_open_and_cannot_be_read_is_told_once_a_day_too(minutes: Minutes) -> None:
    minutes.see(0, **{WRONG: 1})

    told = {hour: minutes.see(hour * 60, **{WRONG: None}) for hour in range(1, 30)}
    assert {hour: subjects for hour, subjects in told.items() if subjects} == {
        24: ["Kontor: Still open: The audit found discrepancies."]
    }
    assert "nobody knows whether it is over" in minutes.letters.messages[-1].get_content()


def test_a_silent_stream_of_changes_is_told_where_there_is_to_be_one(
    minutes: Minutes, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = str(tmp_path)
    (tmp_path / "wal").mkdir()
    assert [minutes.look(0), minutes.look(1)][-1] == [
        "Kontor: Open: Changes have not been streamed to BACKUP_DIR for more than five minutes."
    ]

    write_status(tmp_path / "wal", Mark(1, database_now()))
    assert [minutes.look(minute) for minute in (2, 5, 7)][-1][0].startswith("Kontor: Over")


def test_a_copy_of_the_backups_that_is_behind_is_told_where_there_is_to_be_one(
    minutes: Minutes, settings: Any, tmp_path: Path
) -> None:
    settings.HAS_BACKUP_COPY, settings.KONTOR_HOME = True, tmp_path
    (tmp_path / "run").mkdir()
    note_pass(tmp_path, database_now() - timedelta(minutes=16), "It is full.")  # there was never a whole one
    words = "The second copy of the backups has been behind for more than a quarter of an hour."
    assert [minutes.look(0), minutes.look(1)][-1] == [f"Kontor: Open: {words}"]

    note_sending(tmp_path, "base", streamed_at=database_now(), fault="")  # what is tried anew may fail anew
    assert minutes.look(2) == []
    note_pass(tmp_path, database_now() - timedelta(minutes=14), "")
    assert [minutes.look(minute) for minute in (3, 5, 8)][-1][0].startswith("Kontor: Over")


def test_a_backup_that_is_copied_for_hours_opens_no_alert_while_the_stream_is_copied(
    minutes: Minutes, settings: Any, tmp_path: Path
) -> None:
    settings.HAS_BACKUP_COPY, settings.KONTOR_HOME = True, tmp_path
    (tmp_path / "run").mkdir()
    note_pass(tmp_path, database_now() - timedelta(hours=2), "")
    note_sending(tmp_path, "base", streamed_at=database_now(), fault="")
    assert [minutes.look(0), minutes.look(1)] == [[], []]
    note_sending(tmp_path, "base", streamed_at=database_now() - timedelta(minutes=16), fault="")
    assert len([minutes.look(2), minutes.look(3)][-1]) == 1


STREAM = "KontorLogStreamIsSilent"


def test_a_folder_of_backups_that_cannot_be_read_leaves_the_other_rules_judged(
    minutes: Minutes, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = str(tmp_path / "file")
    (tmp_path / "file").write_text("no folder")
    _audit(2)

    assert minutes.look(0) == ["Kontor: Open: The audit found discrepancies."]
    assert Alert.objects.get(rule=STREAM).unread_since == minutes.at(0)


def test_a_folder_of_backups_that_does_not_answer_holds_up_no_look(
    minutes: Minutes, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = str(tmp_path)
    (tmp_path / "wal").mkdir()
    status = tmp_path / "wal" / "status.json"
    os.mkfifo(status)  # opening it waits for somebody who writes
    _audit(2)

    assert minutes.look(0) == ["Kontor: Open: The audit found discrepancies."]
    assert [minutes.look(minute) for minute in (3, 6)][-1] == ["Kontor: Open: Some metrics could not be read."]
    assert Alert.objects.get(rule=STREAM).unread_since == minutes.at(0)

    with status.open("w") as pipe:  # it answers again
        pipe.write("torn")
    status.unlink()
    write_status(tmp_path / "wal", Mark(1, database_now()))
    minutes.look(7)
    assert Alert.objects.get(rule=STREAM).unread_since is None


def test_a_clock_that_goes_back_closes_an_alert_no_earlier_than_it_opened(minutes: Minutes) -> None:
    minutes.see(0, **{WRONG: 1})

    assert [minutes.see(minute, **{WRONG: False}) for minute in (-30, -27, -24)][-1] == [
        "Kontor: Over: The audit found discrepancies."
    ]
    assert not Alert.objects.get(rule=WRONG).is_open


def test_the_table_has_a_row_for_each_rule_however_often_one_looks(minutes: Minutes) -> None:
    judge_alerts(now=minutes.at(0))
    rows = Alert.objects.count()
    for minute in range(1, 5):
        judge_alerts(now=minutes.at(minute))

    assert Alert.objects.count() == rows
