"""manage.py live"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from config.processes.lifelines import stop_with_supervisor
from config.web.limits import allow_many_files
from config.web.ports import PortTaken, bind
from events.live.principals import LOOK_AGAIN_SECONDS
from events.live.server import run_live


class Command(BaseCommand):
    help = "Stream events and stock to whoever listens. HOST and LIVE_PORT are read from the environment."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=env.host)
        parser.add_argument("--port", type=int, default=env.effective_live_port)
        parser.add_argument(
            "--look-again",
            type=float,
            default=LOOK_AGAIN_SECONDS,
            metavar="SECONDS",
            help="how often the rights of those who listen are looked up again (%(default)s)",
        )

    def handle(self, *args: object, host: str, port: int, look_again: float, **options: object) -> None:
        stop_with_supervisor()
        try:
            listener = bind(host, port, variable="LIVE_PORT")
        except PortTaken as error:
            raise CommandError(str(error)) from error
        run_live(listener, connections=allow_many_files(), look_again_seconds=look_again)
