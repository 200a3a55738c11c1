"""Of alerts everybody is told once, whatever workers and mail servers do."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from config.upkeep.alerts.judge_alerts import MAIL_JOB, judge_alerts
from config.upkeep.alerts.send_alert_mails import send_alert_mails
from shared.clock import database_now
from shared.database.operation_runs import record_run
from shared.models.alert import Alert
from shared.models.operation_run import OperationKind
from tests.config.upkeep.alerts.conftest import BOSS, Minutes
from tests.shop.database.races import run_together
from tests.shop.people import StaffFactory, SuperuserFactory

pytestmark = pytest.mark.django_db
WRONG = "KontorBooksAreWrong"
OPEN = ["Kontor: Open: The audit found discrepancies."]
OTHER = "other@letters.shop"
DAY = 24 * 60


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_it_once_and_write_once(minutes: Minutes) -> None:
    SuperuserFactory.create(email=OTHER)
    record_run(OperationKind.AUDIT, began_at=database_now(), has_succeeded=True, data={"discrepancies": 2})

    assert run_together(judge_alerts, judge_alerts, judge_alerts) == [1, 1, 1]
    assert ProcrastinateJob.objects.filter(task_name=MAIL_JOB).count() == 1
    sent = run_together(send_alert_mails, send_alert_mails, send_alert_mails)

    assert sum(number for number in sent if isinstance(number, int)) == 2
    assert [len(minutes.letters.to(address)) for address in (BOSS, OTHER)] == [1, 1]


def test_while_the_mail_server_is_away_it_stays_unmailed_and_is_mailed_later(minutes: Minutes) -> None:
    greeting, minutes.letters.greeting = minutes.letters.greeting, "421 busy"
    assert [minutes.see(minute, **{WRONG: 1}) for minute in (0, 1, 60, 89)] == [[]] * 4
    assert Alert.objects.get(rule=WRONG).last_mailed_at is None

    minutes.letters.greeting = greeting
    assert minutes.see(90, **{WRONG: 1}) == OPEN
    assert minutes.see(91, **{WRONG: 1}) == []
    assert Alert.objects.get(rule=WRONG).last_mailed_at is not None


def test_what_opened_and_ended_while_the_mail_server_was_away_is_told_as_over(minutes: Minutes) -> None:
    greeting, minutes.letters.greeting = minutes.letters.greeting, "421 busy"
    for minute in range(10):
        minutes.see(minute, **{WRONG: minute < 2})

    minutes.letters.greeting = greeting
    assert minutes.see(10, **{WRONG: False}) == ["Kontor: Over: The audit found discrepancies."]
    assert f"From {minutes.at(0):%Y-%m-%d %H:%M} UTC to" in minutes.letters.messages[-1].get_content()
    assert minutes.see(11, **{WRONG: False}) == []


def test_an_address_that_is_refused_or_put_off_holds_up_no_other(minutes: Minutes) -> None:
    SuperuserFactory.create(email=OTHER)
    SuperuserFactory.create(email="a-nobody@letters.shop")
    minutes.letters.refusals = {"a-nobody@letters.shop": "550 nobody here", BOSS: "451 later"}
    assert minutes.see(0, **{WRONG: 1}) == OPEN

    minutes.letters.refusals.pop(BOSS)
    assert minutes.see(1, **{WRONG: 1}) == OPEN
    assert minutes.see(2, **{WRONG: 1}) == []

    assert [len(minutes.letters.to(address)) for address in (BOSS, OTHER)] == [1, 1]


def test_what_may_have_arrived_is_not_sent_again(minutes: Minutes) -> None:
    minutes.letters.hangs_up = True
    assert minutes.see(0, **{WRONG: 1}) == OPEN

    minutes.letters.hangs_up = False
    assert minutes.see(1, **{WRONG: 1}) == []


@pytest.mark.parametrize("fault", ["greeting", "sender_answer"])
def test_a_server_that_refuses_us_or_our_sender_has_told_nobody(minutes: Minutes, fault: str) -> None:
    usual = getattr(minutes.letters, fault)
    setattr(minutes.letters, fault, "554 your network is listed")
    assert minutes.see(0, **{WRONG: 1}) == []

    setattr(minutes.letters, fault, usual)
    assert minutes.see(1, **{WRONG: 1}) == OPEN


@pytest.mark.django_db(transaction=True)
def test_nobody_counts_as_told_before_the_mail_server_has_answered(minutes: Minutes) -> None:
    seen: list[object] = []

    def look() -> None:
        seen.append(Alert.objects.get(rule=WRONG).told)
        connection.close()

    minutes.letters.on_connect = look
    assert minutes.see(0, **{WRONG: 1}) == OPEN

    assert seen == [{}]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_for_an_e_mail_leaves_it_untold(minutes: Minutes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shop_shop RENAME TO shop_elsewhere")
        try:
            with pytest.raises(ProgrammingError):
                minutes.see(0, **{WRONG: 1})
        finally:
            cursor.execute("ALTER TABLE shop_elsewhere RENAME TO shop_shop")
    assert Alert.objects.get(rule=WRONG).told == {}

    assert minutes.see(1, **{WRONG: 1}) == OPEN


def test_workers_with_other_recipients_tell_each_of_theirs_once(minutes: Minutes, settings: Any) -> None:
    told = []
    for minute in range(6):
        settings.ALERT_EMAIL = [BOSS, OTHER][minute % 2 :][:1]
        told.append(minutes.see(minute, **{WRONG: 1}))

    assert told == [OPEN, OPEN, [], [], [], []]


def test_who_is_told_no_more_is_forgotten(minutes: Minutes, settings: Any) -> None:
    minutes.see(0, **{WRONG: 1})
    settings.ALERT_EMAIL = [OTHER]
    for day in range(4):
        minutes.see(day * DAY, **{WRONG: 1})
        minutes.see(day * DAY + 60, **{WRONG: False})
        minutes.see(day * DAY + 62, **{WRONG: False})
        minutes.see(day * DAY + 65, **{WRONG: False})

    assert len(Alert.objects.get(rule=WRONG).told) == 1


def test_who_was_not_told_of_the_beginning_is_not_told_of_the_end(minutes: Minutes) -> None:
    assert minutes.see(0, **{WRONG: 1}) == OPEN
    for minute in (61, 64):
        minutes.see(minute, **{WRONG: False})
    SuperuserFactory.create(email=OTHER)
    minutes.see(67, **{WRONG: False})

    assert not Alert.objects.get(rule=WRONG).is_open
    assert [str(letter["Subject"]) for letter in minutes.letters.to(BOSS)][1:] == [
        "Kontor: Over: The audit found discrepancies."
    ]
    assert minutes.letters.to(OTHER) == []


def test_the_setting_names_who_is_written_to_else_superusers_are(minutes: Minutes, settings: Any) -> None:
    StaffFactory.create(email="clerk@letters.shop")
    SuperuserFactory.create(email="gone@letters.shop", is_active=False)
    minutes.see(0, **{WRONG: 1})
    assert [letter["To"] for letter in minutes.letters.messages] == [BOSS]

    settings.ALERT_EMAIL = ["ops@letters.shop", "duty@letters.shop"]
    minutes.see(1, **{WRONG: 1, "KontorRefundsWait": 90_000})
    assert [letter["To"] for letter in minutes.letters.messages[1:]] == settings.ALERT_EMAIL
    kept = str(list(Alert.objects.values()))
    assert "@" not in kept
    assert len(Alert.objects.get(rule=WRONG).told) == 3


def test_each_is_written_to_in_their_language(minutes: Minutes) -> None:
    SuperuserFactory.create(email=OTHER, language="uk", time_zone="Europe/Kyiv")
    minutes.see(0, **{WRONG: 1})

    (letter,) = minutes.letters.to(OTHER)
    assert letter["Subject"] == "Kontor: Відкрито: Перевірка обліку знайшла розбіжності."
    assert "EET" in letter.get_content() or "EEST" in letter.get_content()


def test_without_a_mail_server_nothing_is_asked_for(minutes: Minutes, settings: Any) -> None:
    settings.EMAIL_BACKEND = "shared.background.mail.NoMailServer"

    assert minutes.see(0, **{WRONG: 1}) == []
    assert Alert.objects.get(rule=WRONG).is_open
    assert not ProcrastinateJob.objects.filter(task_name=MAIL_JOB).exists()
