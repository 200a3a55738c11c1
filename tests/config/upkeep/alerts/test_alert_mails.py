"""Of alerts everybody is told once, whatever workers and mail servers do."""

from typing import Any

import pytest
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
    assert len(Alert.objects.get(rule=WRONG).told) == 2


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
