"""A worker is killed while it writes an import: nothing of it is seen, and the next run writes it once."""

import os
import signal
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from exchange.models.data_import import Import
from shared.background.enqueue import enqueue
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.import_files import checked, page, step, uploaded
from tests.shop.servers.processes import MANAGE, run_once, running, url_of, wait_for
from users.models.customer import Customer

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 20_000


@pytest.fixture(autouse=True)
def _empty_queue(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def test_a_killed_import_is_run_again_and_writes_everything_once(tmp_path: Path) -> None:
    boss = signed_in(superuser())
    text = "name,email\n" + "".join(f"Ada {n},ada{n}@example.com\n" for n in range(ROWS))
    data_import = checked(boss, uploaded(boss, text))
    ProcrastinateJob.objects.all().delete()
    step(boss, data_import, "run")

    with running(
        [*MANAGE, "worker"], tmp_path / "log", DATABASE_URL=url_of(connection.settings_dict["NAME"])
    ) as worker:
        wait_for(lambda: Import.objects.get(pk=data_import.pk).progress > 0, "the import is being written")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    assert Import.objects.get(pk=data_import.pk).status == "running"
    assert Customer.objects.count() == 0, "nothing is half-imported"
    assert "Being written" in boss.get(page(data_import)).content.decode()

    silent_for_two_minutes()
    enqueue("shared.retry_stalled_jobs")
    run_once("worker", "--once")
    run_once("worker", "--once")

    done = Import.objects.get(pk=data_import.pk)
    assert (done.status, done.creates, Customer.objects.count()) == ("done", ROWS, ROWS)


def silent_for_two_minutes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
