"""A worker that lost the database, or hangs, ends with an error: whoever supervises it starts another one."""

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.shop.servers.processes import MANAGE, running, url_of, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = "SELECT count(*) FROM procrastinate_workers"
# As for a connection that is lost while one of them says that it is there.
REFUSE_ONE_HEARTBEAT = """
CREATE FUNCTION refuse_heartbeat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id = (SELECT min(id) FROM procrastinate_workers) THEN RAISE EXCEPTION 'refused'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_heartbeat BEFORE UPDATE ON procrastinate_workers FOR EACH ROW EXECUTE FUNCTION refuse_heartbeat()
"""
TAKE_HEARTBEATS = "DROP FUNCTION refuse_heartbeat() CASCADE"
# A job that never lets the event loop turn.
HANGING = """
import asyncio, sys, time
import django
django.setup()
from config.processes import worker
from procrastinate.contrib.django import app

@app.task(name="hang", queue="orders")
async def hang():
    time.sleep(600)

print(app.configure_task("hang", queue="orders").defer(), flush=True)
worker.run_worker(silent_seconds=2.0)
"""
# One queue's worker never says that it is there; the others do so all the time.
NEVER_BEATING = """
import asyncio
import django
django.setup()
from procrastinate.worker import Worker
from config.processes import worker

async def beat(self):
    while "orders" not in self.queues:
        await asyncio.sleep(0.2)
        await self.app.job_manager.update_heartbeat(self.worker_id)
    await asyncio.sleep(600)

Worker._update_heartbeat = beat
worker.run_worker(silent_seconds=3.0)
"""


def run_sql(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0]) if cursor.description else 0


def test_a_worker_ends_with_an_error_when_one_of_its_queues_cannot_be_worked_on(tmp_path: Path) -> None:
    database = url_of(connection.settings_dict["NAME"])
    with running([*MANAGE, "worker"], tmp_path / "log", DATABASE_URL=database) as worker:
        wait_for(lambda: run_sql(WORKERS) == 3, "it works on three queues")
        run_sql(REFUSE_ONE_HEARTBEAT)
        try:
            code = worker.wait(timeout=60)
        finally:
            run_sql(TAKE_HEARTBEATS)

    assert code == 1
    assert "ended by itself" in (tmp_path / "log").read_text()


def test_a_worker_that_hangs_is_ended_with_its_stacks_in_the_log(tmp_path: Path) -> None:
    variables = {"DATABASE_URL": url_of(connection.settings_dict["NAME"]), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", HANGING]
    with running(command, tmp_path / "log", PYTHONPATH=str(settings.BASE_DIR), **variables) as worker:
        assert worker.wait(timeout=60) == 70

    log = (tmp_path / "log").read_text()
    assert "worker_silent" in log
    assert "in hang" in log


def test_a_worker_of_which_one_queue_is_never_heard_of_is_ended_too(tmp_path: Path) -> None:
    variables = {"DATABASE_URL": url_of(connection.settings_dict["NAME"]), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", NEVER_BEATING]
    with running(command, tmp_path / "log", PYTHONPATH=str(settings.BASE_DIR), **variables) as worker:
        assert worker.wait(timeout=60) == 70

    assert "worker_silent" in (tmp_path / "log").read_text()
