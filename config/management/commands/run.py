"""manage.py run: what `make run` does once everything is installed."""

import http.client
import signal
import sys
from argparse import ArgumentParser, BooleanOptionalAction
from types import FrameType

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from config.environment.variables import BASE_DIR, env
from config.processes.lifelines import stop_with_make
from config.processes.supervisor import STOP_SIGNALS, Child, Supervisor
from config.processes.web_server import PortTaken, check_port_is_free
from embedded_postgres.lifecycle import EmbeddedPostgresError, release
from users.models.user import User

EMBEDDED_STOP_SECONDS = 7.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared with, not listened on


class Command(BaseCommand):
    help = "Prepare the database, then run web server and worker until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action=BooleanOptionalAction, default=not env.is_prod)

    def handle(self, *args: object, demo: bool, **options: object) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, _interrupt)
        stop_with_make()
        try:
            check_port_is_free(env.host, env.port)
            call_command("prepare", demo=demo, stdout=self.stdout)
            self._sign_in = _how_to_sign_in()
            connections.close_all()
            code = self._supervise()
        except (PortTaken, EmbeddedPostgresError) as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            if not _was_interrupted():
                own = isinstance(error.__cause__, EmbeddedPostgresError)  # whose words say it all
                raise CommandError(str(error) if own else f"The database does not answer: {error}") from error
            code = 0  # rolling back met the statement that the interrupt broke off
        except KeyboardInterrupt:
            code = 0
        finally:
            connections.close_all()
            if not env.database_url:
                release(env.kontor_home, wait_seconds=EMBEDDED_STOP_SECONDS)
        self._say("Stopped." if code == 0 else "Stopped after a failure.")
        if code:
            raise SystemExit(code)

    def _supervise(self) -> int:
        self._announced = False
        manage = [sys.executable, str(BASE_DIR / "manage.py")]
        children = [Child("The web server", [*manage, "serve"]), Child("The worker", [*manage, "worker"])]
        return Supervisor(children, say=self._say, each_tick=self._announce).run()

    def _announce(self) -> None:
        """Once, when the web server answers."""
        if self._announced or not _answers(env.host, env.port):
            return
        self._announced = True
        url = f"http://{_shown_host(env.host)}:{env.port}"
        where = "the database of DATABASE_URL" if env.database_url else str(env.kontor_home)
        self._say(
            f"\nKontor is running.\n"
            f"  Admin     {url}/admin/\n"
            f"  API       {url}/api/docs\n"
            f"  Sign in   {self._sign_in}\n"
            f"  Data      {where}\n"
            f"Stop it with Ctrl-C."
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _how_to_sign_in() -> str:
    user = User.objects.filter(is_superuser=True, is_active=True).order_by("date_joined").first()
    if user is None:
        return "no active superuser: make one with manage.py createsuperuser"
    if user.last_login is None:
        return f"{user.email}, with the password printed on the first start, or KONTOR_ADMIN_PASSWORD as it was then"
    return f"{user.email} (password lost? .venv/bin/python manage.py changepassword {user.email})"


def _interrupt(number: int, frame: FrameType | None) -> None:
    """While the database is being prepared: roll back and end. Once: the same wish may arrive by two ways."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _was_interrupted() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def _answers(host: str, port: int) -> bool:
    """Whether anything comes back over HTTP, whatever the status."""
    link = http.client.HTTPConnection(ANYWHERE.get(host, host).strip("[]"), port, timeout=2)
    try:
        link.request("GET", "/healthz")
        link.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
    return True


def _shown_host(host: str) -> str:
    reachable = ANYWHERE.get(host, host)
    return f"[{reachable}]" if ":" in reachable and not reachable.startswith("[") else reachable
