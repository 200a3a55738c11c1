"""manage.py run: what `make run` does once everything is installed.

manage.py leaves the supervising to config.processes.running, which knows nothing of Django and starts this command to
set up. See docs/decisions/supervisor.md.
"""

import json
import os
import signal
import socket
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from dataclasses import asdict
from types import FrameType

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from config.environment.variables import env
from config.processes.lifelines import stop_with_supervisor
from config.processes.progress import signs_of_life
from config.processes.running import EMBEDDED_STOP_SECONDS, MANAGE, REPORT_VARIABLE, SetUp
from config.processes.supervisor import STOP_SIGNALS
from config.web.ports import PortTaken, check_port_is_free, check_ports_differ
from embedded_postgres.lifecycle import EmbeddedPostgresError, release
from users.models.user import User

INTERRUPTED = 128 + signal.SIGINT


class Command(BaseCommand):
    help = "Prepare the database, then run web server, worker and live events until Ctrl-C or SIGTERM."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action=BooleanOptionalAction, default=not env.is_prod)

    def handle(self, *args: object, demo: bool, **options: object) -> None:
        descriptor = os.environ.pop(REPORT_VARIABLE, "")
        if not descriptor:  # Django was started first, as by `manage.py --settings=... run`
            os.execv(sys.executable, [*MANAGE, "run", "--demo" if demo else "--no-demo"])  # noqa: S606 - itself
        for number in STOP_SIGNALS:
            signal.signal(number, _interrupt_set_up)
        stop_with_supervisor()
        try:
            with socket.socket(fileno=int(descriptor)) as supervisor:
                found = self._set_up(demo=demo)
                supervisor.sendall(json.dumps(asdict(found)).encode())
                supervisor.shutdown(socket.SHUT_WR)
                supervisor.recv(1)  # ends when the supervisor is a user of the embedded server itself, or is gone
        except (PortTaken, EmbeddedPostgresError) as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            if _was_interrupted():  # rolling back met the statement that the interrupt broke off
                raise SystemExit(INTERRUPTED) from error
            own = isinstance(error.__cause__, EmbeddedPostgresError)  # whose words say it all
            raise CommandError(str(error) if own else f"The database does not answer: {error}") from error
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        finally:
            connections.close_all()
            if not env.database_url:
                release(env.kontor_home, wait_seconds=EMBEDDED_STOP_SECONDS)

    def _set_up(self, *, demo: bool) -> SetUp:
        doors = [("PORT", env.host, env.port)]
        if env.metrics_port:
            doors.append(("METRICS_PORT", env.metrics_host, env.metrics_port))
        check_ports_differ(*doors)
        live_port = self._live_port(*doors)
        check_port_is_free(env.host, env.port)
        if env.metrics_port:
            check_port_is_free(env.metrics_host, env.metrics_port, variable="METRICS_PORT")
        logins: list[str] = []
        try:
            with signs_of_life("Setting up"):
                call_command("prepare", demo=demo, logins=logins)
        except BaseException:
            if logins:  # made already, and shown this once
                self.stdout.write("\n".join(logins))
            raise
        home = str(env.kontor_home)
        return SetUp(
            host=env.host,
            port=env.port,
            sign_in=logins or [f"Sign in   {_how_to_sign_in()}"],
            data="the database of DATABASE_URL" if env.database_url else home,
            embedded_home="" if env.database_url else os.path.realpath(home),
            live_port=live_port,
            metrics_port=env.metrics_port,
            backup_dir=os.path.realpath(env.backup_dir) if env.backup_dir else "",
            backup_recipient=env.backup_recipient,
            backup_copy=env.backup_copy_options,
        )

    def _live_port(self, *others: tuple[str, str, int]) -> int:
        """LIVE_PORT, which must be free. The one behind PORT, where none is set, may be another shop's or another
        setting's: then there are no live events, and a shop that sold before it was upgraded sells on."""
        door = ("LIVE_PORT", env.host, env.effective_live_port)
        try:
            check_ports_differ(*others, door)
            check_port_is_free(*door[1:], variable="LIVE_PORT")
        except PortTaken as error:
            if env.live_port:
                raise
            self.stderr.write(f"There will be no live events. {error}")
            return 0
        return env.effective_live_port


def _how_to_sign_in() -> str:
    user = User.objects.filter(is_superuser=True, is_active=True).order_by("date_joined").first()
    if user is None:
        return "no active superuser: make one with manage.py createsuperuser"
    if user.last_login is None:
        return f"{user.email}, with the password printed on the first start, or KONTOR_ADMIN_PASSWORD as it was then"
    return f"{user.email} (password lost? .venv/bin/python manage.py changepassword {user.email})"


def _interrupt_set_up(number: int, frame: FrameType | None) -> None:
    """Roll back and end."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _was_interrupted() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN
