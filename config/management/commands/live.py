"""manage.py live"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from config.processes.lifelines import stop_with_supervisor
from config.web.limits import allow_many_files
from config.web.ports import PortTaken, bind, check_ports_differ
from events.live.principals import LOOK_AGAIN_SECONDS
from events.live.server import run_live


class Command(BaseCommand):
    help = "Stream events and stock to whoever listens. HOST and LIVE_PORT are read from the environment."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=env.host)
        parser.add_argument("--port", type=int, help="LIVE_PORT, beside PORT on one machine, unless it is given here")
        parser.add_argument(
            "--look-again",
            type=float,
            default=LOOK_AGAIN_SECONDS,
            metavar="SECONDS",
            help="how often the rights of those who listen are looked up again (%(default)s)",
        )

    def handle(self, *args: object, host: str, port: int | None, look_again: float, **options: object) -> None:
        stop_with_supervisor()
        try:
            if port is None:
                _check_the_others(host)
            listener = bind(host, port or env.effective_live_port, variable="LIVE_PORT")
        except PortTaken as error:
            raise CommandError(str(error)) from error
        run_live(listener, connections=allow_many_files(), look_again_seconds=look_again)


def _check_the_others(host: str) -> None:
    """Whoever starts later would meet a port that is taken, and die again and again."""
    doors = [("PORT", env.host, env.port), ("LIVE_PORT", host, env.effective_live_port)]
    if env.metrics_port:
        doors.append(("METRICS_PORT", env.metrics_host, env.metrics_port))
    check_ports_differ(*doors)
