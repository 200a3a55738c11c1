"""A mail server, a superuser who is written to, and the worker's minutes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from config.upkeep.alerts.judge_alerts import MAIL_JOB, judge_alerts, write_down
from config.upkeep.alerts.observed import Observed
from config.upkeep.alerts.send_alert_mails import send_alert_mails
from shared.clock import database_now
from tests.shop.people import SuperuserFactory
from tests.shop.servers.smtp_server import Letters, mail_server

BOSS = "boss@letters.shop"


class Minutes:
    """The job of each minute, from the moment of the first on."""

    def __init__(self, letters: Letters) -> None:
        self.letters, self.began = letters, database_now()

    def at(self, minute: float) -> datetime:
        return self.began + timedelta(minutes=minute)

    def look(self, minute: float) -> list[str]:
        """Judge by what is there; the subjects of the e-mails that came of it."""
        judge_alerts(now=self.at(minute))
        return self.deliver(minute)

    def see(self, minute: float, **seen: float | bool | None) -> list[str]:
        """Judge as if the rules had been seen to hold (or not: False; unread: None)."""
        holds = {
            rule: Observed(None) if value is None else Observed(value is not False, float(value))
            for rule, value in seen.items()
        }
        write_down(holds, now=self.at(minute))
        return self.deliver(minute)

    def deliver(self, minute: float) -> list[str]:
        """Run the job that sends, if it was asked for."""
        jobs, before = ProcrastinateJob.objects.filter(task_name=MAIL_JOB, status="todo"), len(self.letters.messages)
        if jobs.count():
            jobs.model.objects.filter(pk__in=jobs)._raw_delete("default")
            send_alert_mails(now=self.at(minute))
        return [str(letter["Subject"]) for letter in self.letters.messages[before:]]


@pytest.fixture
def letters() -> Iterator[Letters]:
    with mail_server() as there:
        yield there


@pytest.fixture
def minutes(db: None, letters: Letters) -> Minutes:
    SuperuserFactory.create(email=BOSS)
    with connection.cursor() as cursor:  # the worker that runs the job
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp())")
    return Minutes(letters)
