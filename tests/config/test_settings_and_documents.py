"""What the documents promise operators is what there is."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from config.environment.variables import Env
from config.web.limits import Limits
from orders.jobs import expire_unpaid_orders
from orders.models.order import Order
from payments.management.commands.sandbox_provider import Command
from shared.background.mail import send_mail
from shared.background.mail_faults import MailDelayed, MailRefused
from shared.clock import database_now
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import list_url, signed_in, superuser, text_of
from tests.shop.http.api_client import login, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.processes import url_of
from users.models.user import User

ROOT = Path(settings.BASE_DIR)
# Of the container itself: its database, which is no embedded one and has backups of its own, and where it listens.
OF_COMPOSE = {"HOST", "PORT", "KONTOR_HOME", "KONTOR_EMBEDDED", "BACKUP_DIR", "BACKUP_COPY", "BACKUP_RECIPIENT"}


def test_compose_passes_every_documented_variable() -> None:
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    environment = (ROOT / "docker-compose.yml").read_text().partition("services:")[0]

    assert documented == {name.upper() for name in Env.model_fields}
    assert set(re.findall(r"^    ([A-Z_]+):", environment, re.MULTILINE)) == documented - OF_COMPOSE


def test_compose_waits_for_the_longest_draining() -> None:
    web = (ROOT / "docker-compose.yml").read_text().partition("\n  web:")[2].partition("\n  worker:")[0]
    (longest,) = [bound.le for bound in Env.model_fields["drain_seconds"].metadata if hasattr(bound, "le")]

    assert int(re.findall(r"stop_grace_period: (\d+)s", web)[0]) > longest + Limits().stop_seconds


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://kontor@one/shop", "None 5"),
        ("postgresql://kontor@one:5432,two:5433/shop", "read-write 2"),
        ("postgresql://kontor@one,two/shop?target_session_attrs=any&connect_timeout=9", "any 9"),
    ],
)
def test_of_several_servers_the_one_that_takes_writes_is_wanted(url: str, expected: str) -> None:
    show = "from config.settings import DATABASES; options = DATABASES['default']['OPTIONS']; "
    show += "print(options.get('target_session_attrs'), options['connect_timeout'])"
    done = subprocess.run(
        [sys.executable, "-c", show], env={**os.environ, "DATABASE_URL": url}, cwd=ROOT, capture_output=True, check=True
    )

    assert done.stdout.decode().strip() == expected


@pytest.mark.parametrize("addresses", ["ops", "a@letters.shop;b@letters.shop", "ops@letters.shop,duty@"])
def test_who_is_written_to_of_alerts_is_checked_at_start(addresses: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env={**os.environ, "ALERT_EMAIL": addresses},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert done.returncode
    assert "ALERT_EMAIL" in done.stderr.decode()


def test_every_job_stands_in_the_page_for_operators() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    ours = {name for name in app.tasks if "procrastinate" not in name}

    assert {name for name in ours if f"`{name}`" not in page} == set()
    assert set(re.findall(r"`((?:orders|crm|payments|exchange|shared|users)\.[a-z_]+)`", page)) - ours == set()


def test_the_sweep_can_be_switched_off_and_health_and_admin_say_so(db: None, settings: Any) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=3), 1), now=database_now() - timedelta(hours=1))
    settings.SWEEP_UNPAID_ORDERS = False

    assert expire_unpaid_orders() == 0
    assert Order.objects.get(pk=order.pk).status == "PENDING"
    assert ok(Client().get("/readyz"))["sweep"] == "off"
    assert "SWEEP_UNPAID_ORDERS" in text_of(signed_in(superuser()).get(list_url(ProcrastinateJob)))

    settings.SWEEP_UNPAID_ORDERS = True
    assert "sweep" not in ok(Client().get("/readyz"))
    assert expire_unpaid_orders() == 1


@pytest.mark.parametrize("address", ["buyer@example.com", "ada@mail.example", "x@shop.test", "root@localhost"])
def test_nothing_is_handed_to_a_real_mail_server_for_the_people_of_a_demo_shop(
    db: None, settings: Any, address: str
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.9", 1, 1

    with pytest.raises(MailRefused):
        send_mail(to=address, subject="Hello", body="Good day.", message_id="one")
    with pytest.raises(MailDelayed):  # nobody listens there, but it was asked
        send_mail(to="ada@example.shop", subject="Hello", body="Good day.", message_id="two")


def test_an_expected_refusal_by_the_database_is_one_line_of_the_log(
    transactional_db: None, capfd: pytest.CaptureFixture[str]
) -> None:
    staff = login(User.objects.create_superuser("boss@example.com"))
    with psycopg.connect(url_of(connection.settings_dict["NAME"])) as holder, connection.cursor() as cursor:
        holder.execute("LOCK TABLE orders_order IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET lock_timeout = '20ms'")
        capfd.readouterr()

        refused(staff.get("/orders"), 503, "unavailable")

        lines = [line for line in capfd.readouterr().err.splitlines() if line.strip()]
        holder.rollback()
    connection.close()
    assert len(lines) == 1, lines
    assert "lock timeout" in lines[0]
    assert "Traceback" not in lines[0]


def test_the_sandbox_listens_and_tells_where_the_settings_say(settings: Any) -> None:
    settings.SANDBOX_PROVIDER_URL, settings.PORT = "http://127.0.0.1:8299", 9000
    options = vars(Command().create_parser("manage.py", "sandbox_provider").parse_args([]))

    assert (options["port"], options["webhooks"]) == (8299, "http://127.0.0.1:9000/api/v1/webhooks/sandbox")
